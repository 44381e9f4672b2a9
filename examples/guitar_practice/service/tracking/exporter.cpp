#include "tracking/exporter.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "log.hpp"

namespace gpra {
namespace {

using nlohmann::json;

/// Always the same for the same event: a UUID of version 8, which is "made in a way of one's own".
std::string uuid_of(const std::string& key, const std::string& id, const std::string& time) {
  std::array<unsigned char, 16> bytes{};
  const std::string text = key + '\n' + id + '\n' + time;
  crypto_generichash(bytes.data(), bytes.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x80U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  std::string uuid = hex.data();
  for (const std::size_t place : {20U, 16U, 12U, 8U}) uuid.insert(place, 1, '-');
  return uuid;
}

// One exporter at a time, or the order would be lost. Rows that are locked and passed over (FOR
// UPDATE SKIP LOCKED) would be sent out of it, and need a right to change them that nobody has.
bool is_alone(Transaction& work) {
  return work.is_sqlite() ||
         work.query("SELECT pg_try_advisory_xact_lock(7212) AS got").boolean(0, "got");
}

Rows next_events(Transaction& work, int limit) {
  return work.query(
      std::string("SELECT id, user_id, event, properties, ") +
          (work.is_sqlite()
               ? "strftime('%Y-%m-%dT%H:%M:%SZ', created_at)"
               : R"(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))") +
          " AS at FROM outbox_events ORDER BY id LIMIT $1",
      {limit});
}

json as_batch(const Config& config, const Rows& rows) {
  json events = json::array();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string at = rows.text(row, "at");
    events.push_back({{"uuid", uuid_of(config.posthog_key, rows.text(row, "id"), at)},
                      {"event", rows.text(row, "event")},
                      {"distinct_id", rows.text(row, "user_id")},
                      {"properties", json::parse(rows.text(row, "properties"))},
                      {"timestamp", at}});
  }
  return {{"api_key", config.posthog_key}, {"batch", std::move(events)}};
}

/// Whether it may go better another time.
bool is_passing(int status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

void send(const Config& config, const std::string& body, const Transport& transport,
          const ExportOptions& options) {
  std::chrono::milliseconds wait = options.first_wait;
  std::string url = config.posthog_url;
  while (url.ends_with('/')) url.pop_back();
  for (int attempt = 1;; ++attempt) {
    const int status = transport(url + "/batch/", body);
    if (status >= 200 && status < 300) return;
    const std::string what = status == 0 ? "no answer" : "status " + std::to_string(status);
    if (!is_passing(status) || attempt >= options.attempts) {
      throw std::runtime_error("the events were not accepted by " + url + ": " + what +
                               "; they are kept");
    }
    log("export: " + what + "; once more in " + std::to_string(wait.count()) + " ms");
    if (options.wait) {
      options.wait(wait);
    } else {
      std::this_thread::sleep_for(wait);
    }
    wait *= 2;
  }
}

}  // namespace

long long export_outbox(Database& database, const Config& config, const Transport& transport,
                        const ExportOptions& options) {
  if (config.posthog_key.empty() || config.posthog_url.empty()) {
    throw std::invalid_argument("POSTHOG_KEY and POSTHOG_URL say where events are sent to");
  }
  for (long long sent = 0;;) {
    const TransactionPtr work = database.for_export();
    if (!is_alone(*work)) return sent;
    const Rows rows = next_events(*work, options.batch);
    if (rows.empty()) return sent;
    send(config, as_batch(config, rows).dump(), transport, options);
    // Each by its number: one with a smaller number may have been written in the meantime.
    json ids = json::array();
    for (std::size_t row = 0; row < rows.size(); ++row) ids.push_back(rows.integer(row, "id"));
    work->query(work->is_sqlite()
                    ? "DELETE FROM outbox_events WHERE id IN (SELECT value FROM "
                      "json_each($1))"
                    : "DELETE FROM outbox_events WHERE id IN (SELECT "
                      "value::bigint FROM json_array_elements_text($1::json) AS value)",
                {ids.dump()});
    work->commit();
    sent += static_cast<long long>(rows.size());
  }
}

}  // namespace gpra
