#include "tracking/outbox.hpp"

namespace gpra {

void record(Context& context, const char* event, const nlohmann::json& properties) {
  if (context.config.posthog_key.empty()) return;
  // Nothing comes back: who writes the outbox may not read it.
  context.work->insert("outbox_events", {{"event", event}, {"properties", properties.dump()}}, "");
}

}  // namespace gpra
