#pragma once

#include "config/url.hpp"
#include "dialect/dialect.hpp"

/// From a URL to a database.
namespace capo::runtime {

/// The dialect that the URL names. Throws Error{kConfig} that lists those there are.
const dialect::Dialect& dialect_of(const config::DatabaseUrl& url);

dialect::ConnectOptions connect_options(const config::DatabaseUrl& url);

}  // namespace capo::runtime
