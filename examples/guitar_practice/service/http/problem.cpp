#include "http/problem.hpp"

namespace gpra {

const char* title_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

Response Problem::response() const {
  nlohmann::json body = more_;
  body["status"] = status_;
  body["title"] = title_of(status_);
  body["code"] = code_;
  body["detail"] = what();
  if (!fields_.empty()) body["fields"] = fields_;
  // What the sender gave may be in it, and need not be UTF-8.
  Response response{.status = status_,
                    .type = "application/problem+json",
                    .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
  response.headers = headers_;
  return response;
}

}  // namespace gpra
