#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "config.hpp"
#include "db/database.hpp"

/// Sends what is in the outbox to PostHog, or to whatever takes its format, and takes it out.
namespace gpra {

/// Posts a JSON body to a URL; the status of the answer, 0 if there was none. Tests have their own.
using Transport = std::function<int(const std::string& url, const std::string& body)>;

struct ExportOptions {
  int batch = 100;   ///< events at once
  int attempts = 6;  ///< for a batch, before it is given up until the next time
  std::chrono::milliseconds first_wait{1000};                ///< twice as long after each attempt
  std::function<void(std::chrono::milliseconds)> wait = {};  ///< empty: sleeps
};

/// Until the outbox is empty; how many events were accepted. Each is sent at least once: of one
/// that is sent again after a failure the `uuid` is the same, by which the receiver knows it. Of
/// several exporters at once one works, and the others find nothing to do. Throws
/// std::runtime_error if a batch is not accepted: it stays, and so does all that came after it.
long long export_outbox(Database& database, const Config& config, const Transport& transport,
                        const ExportOptions& options = {});

}  // namespace gpra
