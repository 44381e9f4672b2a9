#include "base/json.hpp"

#include <gtest/gtest.h>

namespace capo::base {
namespace {

TEST(Json, KeepsTheOrderOfMembers) {
  Json entry = Json::object();
  entry.set("z", 1).set("a", true).set("none", Json()).set("list", Json::strings({"x", "y"}));
  EXPECT_EQ(entry.line(), "{\"z\":1,\"a\":true,\"none\":null,\"list\":[\"x\",\"y\"]}\n");
}

TEST(Json, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("a\xFFz").line(), "\"a\xEF\xBF\xBDz\"\n");
  EXPECT_EQ(Json("quote \" and \n").line(), "\"quote \\\" and \\n\"\n");
}

TEST(Json, EmptyContainersAndText) {
  EXPECT_EQ(Json::array().text(), "[]\n");
  EXPECT_EQ(Json::object().text(), "{}\n");
  EXPECT_EQ(Json::text_or_null("").line(), "null\n");
  EXPECT_EQ(Json::object().set("n", 5LL).text(), "{\n  \"n\": 5\n}\n");
}

}  // namespace
}  // namespace capo::base
