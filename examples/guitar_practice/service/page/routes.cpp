// The page: a few files that are in the program itself.

#include <map>

#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "page/files.hpp"

namespace gpra {
namespace {

constexpr const char* kStart = "index.html";

std::string type_of(const std::string& name) {
  static const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"}};
  return types.at(name.substr(name.find_last_of('.')));
}

/// Where nobody logs in, the page says so, and does not ask anybody to.
std::string for_one_user(std::string content) {
  const std::string many = "data-users=\"many\"";
  const std::size_t at = content.find(many);
  if (at != std::string::npos) content.replace(at, many.size(), "data-users=\"one\"");
  return content;
}

Response show(const Context& context, const std::string& name) {
  for (const PageFile& file : page_files()) {
    if (file.name != name) continue;
    const bool is_for_one = name == kStart && context.database.only_user();
    std::string content = is_for_one ? for_one_user(file.content) : file.content;
    const std::string tag = etag_of(content);
    Response response{.type = type_of(name)};
    response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
    if (context.request.header("if-none-match") == tag) {
      response.status = 304;
    } else {
      response.body = std::move(content);
    }
    return response;
  }
  throw not_found("page");
}

Response show_start(Context& context) { return show(context, kStart); }
Response show_file(Context& context) { return show(context, context.path.at(0)); }

}  // namespace

void add_page_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/",
                    .access = Access::kAnyone,
                    .handler = show_start,
                    .summary = "The page"});
  routes.push_back({.method = "GET",
                    .path = "/page/{file}",
                    .access = Access::kAnyone,
                    .handler = show_file,
                    .summary = "A script, style or picture of the page",
                    .refusals = {404}});
}

}  // namespace gpra
