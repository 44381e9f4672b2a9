#include "billing/stripe_event.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <tuple>
#include <utility>

#include "http/fields.hpp"
#include "http/problem.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr long long kLastSecond = 253402300799;  // of the year 9999
constexpr long long kMostCents = 9'999'999'999;  // what numeric(10,2) holds

constexpr const char* kCheckout = "checkout.session.completed";
constexpr const char* kFailed = "invoice.payment_failed";
constexpr const char* kPaid = "invoice.payment_succeeded";
constexpr const char* kDeleted = "customer.subscription.deleted";

// Stripe counts whole seconds, and several events come of one click. Within a second they count in
// this order; two of one type in the order of their names, so that the outcome is always the same.
constexpr std::array<std::string_view, 6> kTypes = {
    kCheckout, "customer.subscription.created", kFailed,
    kPaid,     "customer.subscription.updated", kDeleted};

Problem no_event(const std::string& why) { return {400, "no_event", why}; }

/// What is at `path`, null if there is nothing.
const json& at(const json& value, std::initializer_list<const char*> path) {
  static const json nothing;
  const json* found = &value;
  for (const char* name : path) {
    const auto next = found->is_object() ? found->find(name) : found->end();
    if (!found->is_object() || next == found->end()) return nothing;
    found = &*next;
  }
  return *found;
}

const json& first_of(const json& a, const json& b) { return a.is_null() ? b : a; }

/// A name of Stripe's, or of the object that stands in its place; empty: none.
std::string name_of(const json& value) {
  const json& name = value.is_object() ? at(value, {"id"}) : value;
  if (name.is_null()) return {};
  constexpr std::size_t kLongest = 255;
  const auto* text = name.get_ptr<const std::string*>();
  if (text == nullptr || text->size() > kLongest || text->find('\0') != std::string::npos) {
    throw no_event("a name is no text, or too long");
  }
  return *text;
}

std::optional<long long> number_of(const json& value, long long most) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() &&
      value.get<unsigned long long>() > static_cast<unsigned long long>(most)) {
    return std::nullopt;
  }
  const auto number = value.get<long long>();
  return number >= 0 ? std::optional(number) : std::nullopt;
}

/// Of a price a month, in hundredths: a year's is a twelfth of it. Rounded to the nearest.
long long monthly(const json& price, long long quantity) {
  const json& recurring = first_of(at(price, {"recurring"}), price);  // a `plan` has it itself
  const auto amount =
      number_of(first_of(at(price, {"unit_amount"}), at(price, {"amount"})), kMostCents);
  const long long count = number_of(at(recurring, {"interval_count"}), 1000).value_or(1);
  const json& interval = at(recurring, {"interval"});
  long long periods = 12;  // a year
  if (interval == "year") periods = 1;
  if (interval == "week") periods = 52;
  if (interval == "day") periods = 365;
  const long long a_year = amount.value_or(0) * quantity * periods;  // at most 365 * 10^16
  const long long divisor = 12 * std::max(count, 1LL);
  return std::min(kMostCents, (a_year + divisor / 2) / divisor);
}

/// In the words of `subscriptions`. Whatever Stripe adds is nothing that anybody has paid for.
std::string status_of(const json& value) {
  for (const char* same : {"active", "canceled", "past_due", "trialing"}) {
    if (value == same) return same;
  }
  if (value == "incomplete_expired") return "canceled";
  if (value == "unpaid" || value == "paused") return "past_due";
  return "incomplete";
}

json facts_of_checkout(const json& session) {
  json facts = {{"subscription", name_of(at(session, {"subscription"}))}};
  const std::string user = name_of(at(session, {"client_reference_id"}));
  UserId id = 0;
  const auto [end, error] = std::from_chars(user.data(), user.data() + user.size(), id);
  if (error == std::errc() && end == user.data() + user.size() && id > 0) facts["user"] = id;
  return facts;
}

json facts_of_subscription(const json& given) {
  json facts = {{"subscription", name_of(at(given, {"id"}))},
                {"status", status_of(at(given, {"status"}))},
                {"cancels", at(given, {"cancel_at_period_end"}) == true}};
  json items = at(given, {"items", "data"});
  if (!items.is_array()) items = json::array();
  long long cents = 0;
  for (const json& item : items) {
    const json& price = first_of(at(item, {"price"}), at(item, {"plan"}));
    const long long quantity = number_of(at(item, {"quantity"}), 1'000'000).value_or(1);
    cents = std::min(kMostCents, cents + monthly(price, quantity));
  }
  const json first = items.empty() ? json() : items.front();
  facts["item"] = name_of(at(first, {"id"}));
  facts["price"] = name_of(first_of(at(first, {"price"}), at(first, {"plan"})));
  facts["cents"] = cents;
  // Since 2025 a period is the item's; before that it was the subscription's.
  for (const auto& [fact, name] :
       {std::pair("begins", "current_period_start"), std::pair("ends", "current_period_end")}) {
    const auto time = number_of(first_of(at(given, {name}), at(first, {name})), kLastSecond);
    if (time) facts[fact] = *time;
  }
  return facts;
}

json facts_of(const std::string& type, const json& given) {
  if (type == kCheckout) return facts_of_checkout(given);
  if (!type.starts_with("invoice.")) return facts_of_subscription(given);
  return {{"subscription",
           name_of(first_of(at(given, {"parent", "subscription_details", "subscription"}),
                            at(given, {"subscription"})))}};
}

std::size_t place_of(const std::string& type) {
  return static_cast<std::size_t>(std::find(kTypes.begin(), kTypes.end(), type) - kTypes.begin());
}

bool happened_before(const StripeEvent& a, const StripeEvent& b) {
  return std::tuple(a.created, place_of(a.type), std::string_view(a.id)) <
         std::tuple(b.created, place_of(b.type), std::string_view(b.id));
}

std::string text(const json& facts, const char* name) { return facts.value(name, std::string()); }

std::optional<long long> time(const json& facts, const char* name) {
  return facts.contains(name) ? std::optional(facts.at(name).get<long long>()) : std::nullopt;
}

void take_subscription(StripeSubscription& one, const StripeEvent& event,
                       const std::map<std::string, std::string>& prices) {
  const json& facts = event.facts;
  one.status = event.type == kDeleted ? "canceled" : text(facts, "status");
  one.item = text(facts, "item");
  one.price = text(facts, "price");
  one.cents = facts.value("cents", 0LL);
  one.begins = time(facts, "begins");
  one.ends = time(facts, "ends");
  one.cancels = facts.value("cancels", false);
  // Without a tier for it, what was there stays: all else holds nevertheless.
  if (const auto tier = prices.find(one.price); tier != prices.end()) {
    one.tier = tier->second;
  } else {
    one.unpriced.push_back(event.id);
  }
}

// An invoice says whether it was paid, and nothing of what for. The first one of a trial is paid,
// too, with nothing; and what has ended does not begin again.
void take_invoice(StripeSubscription& one, const std::string& type) {
  if (type == kPaid && (one.status == "past_due" || one.status == "incomplete")) {
    one.status = "active";
  }
  if (type == kFailed && (one.status == "active" || one.status == "trialing")) {
    one.status = "past_due";
  }
}

int worth_of(const std::string& status) {
  if (status == "active" || status == "trialing") return 2;
  return status == "canceled" ? 0 : 1;
}

}  // namespace

bool is_handled(const std::string& type) { return place_of(type) < kTypes.size(); }

StripeEvent read_stripe_event(const std::string& body) {
  const json value = read_json(body);
  StripeEvent event{.id = name_of(at(value, {"id"})), .type = name_of(at(value, {"type"}))};
  const auto created = number_of(at(value, {"created"}), kLastSecond);
  if (event.id.empty() || event.type.empty() || !created) {
    throw no_event("id, type or created is missing");
  }
  event.created = *created;
  if (!is_handled(event.type)) return event;
  const json& given = at(value, {"data", "object"});
  event.customer = name_of(at(given, {"customer"}));
  event.facts = facts_of(event.type, given);
  return event;
}

StripeSubscription subscription_after(std::vector<StripeEvent> events,
                                      const std::map<std::string, std::string>& prices) {
  std::sort(events.begin(), events.end(), happened_before);
  std::map<std::string, StripeSubscription> all;
  std::optional<UserId> user;
  std::vector<std::string> unpriced;
  for (const StripeEvent& event : events) {
    if (!user && event.facts.contains("user")) user = event.facts.at("user").get<UserId>();
    const std::string name = text(event.facts, "subscription");
    if (name.empty()) continue;  // an invoice, or a purchase, of something else
    StripeSubscription& one = all[name];
    one.subscription = name;
    one.as_of = event.created;
    if (event.type.starts_with("customer.")) take_subscription(one, event, prices);
    if (event.type.starts_with("invoice.")) take_invoice(one, event.type);
  }
  // Of an old one and its successor the one that is paid for counts, else the one last heard of.
  StripeSubscription result;
  for (auto& [name, one] : all) {
    unpriced.insert(unpriced.end(), one.unpriced.begin(), one.unpriced.end());
    if (std::pair(worth_of(one.status), one.as_of) >=
        std::pair(result.subscription.empty() ? -1 : worth_of(result.status), result.as_of)) {
      result = std::move(one);
    }
  }
  if (result.status != "active") result.cents = 0;
  result.user = user;
  result.unpriced = std::move(unpriced);
  if (!events.empty()) result.as_of = events.back().created;
  return result;
}

}  // namespace gpra
