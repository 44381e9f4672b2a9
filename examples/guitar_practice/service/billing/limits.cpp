#include "billing/limits.hpp"

#include "billing/tiers.hpp"
#include "http/problem.hpp"
#include "practice/pages.hpp"

namespace gpra {
namespace {

using nlohmann::json;

struct Subscription {
  std::string tier = "free";
  std::string status = "active";
  bool cancels = false;
  std::optional<std::string> ends = {};

  /// What it is worth now: one that is not paid for keeps its rows and gets no more than free.
  const Tier& worth() const {
    return find_tier(status == "active" || status == "trialing" ? tier : "free");
  }
};

Subscription read(Context& context) {
  // Of several, as an old one and its successor, the best counts.
  const Rows rows = context.work->query(
      "SELECT tier, status, cancel_at_period_end, current_period_end FROM subscriptions");
  Subscription best;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Subscription one{.tier = rows.text(row, "tier"),
                           .status = rows.text(row, "status"),
                           .cancels = rows.boolean(row, "cancel_at_period_end"),
                           .ends = rows.value(row, "current_period_end")};
    if (row == 0 || one.worth().dollars > best.worth().dollars) best = one;
  }
  return best;
}

std::optional<int> most_of(const Tier& tier, Limited what) {
  switch (what) {
    case Limited::kItems:
      return tier.items;
    case Limited::kRoutines:
      return tier.routines;
    case Limited::kAutocreate:
      return tier.autocreate ? std::nullopt : std::optional<int>(0);
  }
  return 0;
}

const char* name_of(Limited what) {
  switch (what) {
    case Limited::kItems:
      return "items";
    case Limited::kRoutines:
      return "routines";
    case Limited::kAutocreate:
      return "autocreate";
  }
  return "";
}

long long count(Context& context, Limited what) {
  if (what == Limited::kAutocreate) return 0;
  const std::string table = what == Limited::kItems ? "items" : "routines";
  return context.work->query("SELECT count(*) AS n FROM " + table).integer(0, "n");
}

// The first tier that would do.
Problem too_many(const Tier& now, Limited what, long long have) {
  const bool is_kind = what == Limited::kAutocreate;
  Problem problem(402, "limit_reached",
                  is_kind
                      ? "the tier " + std::string(now.name) + " does not make charts by itself"
                      : "the tier " + std::string(now.name) + " has room for " +
                            std::to_string(most_of(now, what).value_or(0)) + " " + name_of(what));
  problem.with("limited", name_of(what)).with("tier", std::string(now.name));
  for (const Tier& tier : kTiers) {
    const std::optional<int> most = most_of(tier, what);
    if (!most || *most > have) {
      problem.with("needed_tier", std::string(tier.name)).with("dollars", tier.dollars);
      break;
    }
  }
  return problem;
}

json limit_as_json(const std::optional<int>& most) { return most ? json(*most) : json(nullptr); }

}  // namespace

void require_room(Context& context, Limited what) {
  context.work->lock_user();
  const Tier& tier = read(context).worth();
  const std::optional<int> most = most_of(tier, what);
  if (!most) return;
  const long long have = count(context, what);
  if (have >= *most) throw too_many(tier, what, have);
}

json subscription_of(Context& context) {
  const Subscription subscription = read(context);
  const Tier& worth = subscription.worth();
  return {{"tier", subscription.tier},
          {"status", subscription.status},
          {"cancel_at_period_end", subscription.cancels},
          {"current_period_end",
           subscription.ends ? json(time_text(*subscription.ends)) : json(nullptr)},
          {"limits",
           {{"items", limit_as_json(worth.items)},
            {"routines", limit_as_json(worth.routines)},
            {"autocreate", worth.autocreate}}},
          {"used",
           {{"items", count(context, Limited::kItems)},
            {"routines", count(context, Limited::kRoutines)}}}};
}

}  // namespace gpra
