#pragma once

#include <string>

/// Whether Stripe sent a body, and lately.
namespace gpra {

struct StripeSecret {
  std::string text = {};  ///< of the endpoint: `whsec_…`, of any length
  int tolerance_seconds = 300;
};

/// `header` is that of Stripe-Signature: `t=<unix>,v1=<hex>[,v1=…]`. Of several signatures, as
/// while the secret is being replaced, one is enough. `now` are seconds since 1970; a signature
/// that is older or newer than the tolerance does not count: it may have been recorded.
bool is_signed(const std::string& header, const std::string& body, const StripeSecret& secret,
               long long now);

/// `t=…,v1=…` as Stripe makes it: for tests, and for trying the webhook by hand.
std::string sign(const std::string& body, const std::string& secret, long long at);

}  // namespace gpra
