#pragma once

#include "cli/spec.hpp"

/// Every command, each defined in the file of its name.
namespace capo::cli {

extern const CommandSpec kBranches;
extern const CommandSpec kCheck;
extern const CommandSpec kCompletion;
extern const CommandSpec kComplete;  // hidden: what the completion scripts ask
extern const CommandSpec kCurrent;
extern const CommandSpec kDiff;
extern const CommandSpec kDoctor;
extern const CommandSpec kDocs;  // hidden: docs/cli.md and the manual page
extern const CommandSpec kDowngrade;
extern const CommandSpec kEdit;
extern const CommandSpec kEmbed;  // hidden: what a build runs
extern const CommandSpec kEnsureVersion;
extern const CommandSpec kExplain;
extern const CommandSpec kHeads;
extern const CommandSpec kHelp;
extern const CommandSpec kHistory;
extern const CommandSpec kInit;
extern const CommandSpec kInspect;
extern const CommandSpec kLint;
extern const CommandSpec kListTemplates;
extern const CommandSpec kMerge;
extern const CommandSpec kRehearse;
extern const CommandSpec kRevision;
extern const CommandSpec kShow;
extern const CommandSpec kStamp;
extern const CommandSpec kTenantCheck;
extern const CommandSpec kTenantConvert;
extern const CommandSpec kUpgrade;
extern const CommandSpec kVerify;
extern const CommandSpec kVersion;

}  // namespace capo::cli
