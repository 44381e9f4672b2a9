#include "config/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::config {
namespace {

/// The fields that are not empty: `dialect+driver user=… password=… host=… port=… db=… key=value`.
std::string dump(const DatabaseUrl& url) {
  std::string text = url.dialect;
  if (!url.driver.empty()) text += "+" + url.driver;
  if (!url.username.empty()) text += " user=" + url.username;
  if (!url.password.empty()) text += " password=" + url.password;
  if (!url.host.empty()) text += " host=" + url.host;
  if (!url.port.empty()) text += " port=" + url.port;
  if (!url.database.empty()) text += " db=" + url.database;
  for (const auto& [key, value] : url.query) text += " ?" + key + "=" + value;
  return text;
}

TEST(Url, Parses) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"postgresql://gpra:secret@localhost:5432/gpra_dev",
       "postgresql user=gpra password=secret host=localhost port=5432 db=gpra_dev"},
      {"postgres://h/d", "postgresql host=h db=d"},
      {"postgresql+psycopg2://u@h/d", "postgresql+psycopg2 user=u host=h db=d"},
      {"postgresql+asyncpg://h", "postgresql+asyncpg host=h"},
      {"mariadb+pymysql://h/d", "mariadb+pymysql host=h db=d"},
      {"postgresql://", "postgresql"},
      {"postgresql:///d", "postgresql db=d"},
      {"postgresql://u@/d", "postgresql user=u db=d"},
      {"postgresql://u:@h/d", "postgresql user=u host=h db=d"},
      {"  postgresql://h/d \n", "postgresql host=h db=d"},
      {"postgresql://h:/d", "postgresql host=h db=d"},
      // Sockets, several hosts, IPv6.
      {"postgresql:///d?host=/var/run/postgresql", "postgresql db=d ?host=/var/run/postgresql"},
      {"postgresql://%2Fvar%2Frun%2Fpostgresql/d", "postgresql host=/var/run/postgresql db=d"},
      {"postgresql://[::1]:5433/d", "postgresql host=::1 port=5433 db=d"},
      {"postgresql://u:p@[fe80::1%25eth0]/d",
       "postgresql user=u password=p host=fe80::1%eth0 db=d"},
      {"postgresql://u@[::1]:5433/d", "postgresql user=u host=::1 port=5433 db=d"},
      {"postgresql://a,b/d", "postgresql host=a,b db=d"},
      {"postgresql://a%3Ab%20:5/d", "postgresql host=a:b  port=5 db=d"},
      {"postgresql://a:1,b,[::1]:3/d", "postgresql host=a,b,::1 port=1,,3 db=d"},
      {"postgresql:///d?host=a,b&port=1,2", "postgresql db=d ?host=a,b ?port=1,2"},
      // Escapes.
      {"postgresql://%75s%65r:p%40s%3as@h/my%20db",
       "postgresql user=user password=p@s:s host=h db=my db"},
      {"postgresql://u:50%off%@h/d", "postgresql user=u password=50%off% host=h db=d"},
      {"postgresql://u:a+b@h/c+d?e=f+g&h+i=%2B",
       "postgresql user=u password=a+b host=h db=c+d ?e=f g ?h i=+"},
      {"postgresql://ü:ß@h/ñ", "postgresql user=ü password=ß host=h db=ñ"},
      // What may stand in a password as it is.
      {"postgresql://u:pa/ss@h/d", "postgresql user=u password=pa/ss host=h db=d"},
      {"postgresql://u:p?s=1@h/d", "postgresql user=u password=p?s=1 host=h db=d"},
      {"postgresql://u:p#s:x@h/d", "postgresql user=u password=p#s:x host=h db=d"},
      {"postgresql://u:5432@h/d", "postgresql user=u password=5432 host=h db=d"},
      {"postgresql://user@server:pw@h/d", "postgresql user=user@server password=pw host=h db=d"},
      {"postgresql://user@server@h/d", "postgresql user=user@server host=h db=d"},
      {"postgresql://[u:p@h/d", "postgresql user=[u password=p host=h db=d"},
      {"postgresql://us@er:pa/ss@h/d", "postgresql user=us@er password=pa/ss host=h db=d"},
      {"postgresql://h/d?user=me@x", "postgresql host=h db=d ?user=me@x"},
      {"postgresql://u@h/d?application_name=me@x",
       "postgresql user=u host=h db=d ?application_name=me@x"},
      // The query.
      {"postgresql://h/d?b=1&a=2&b=3", "postgresql host=h db=d ?b=1 ?a=2 ?b=3"},
      {"postgresql://h?sslmode=require", "postgresql host=h ?sslmode=require"},
      {"postgresql://h/d?options=-c%20search_path%3Da,b",
       "postgresql host=h db=d ?options=-c search_path=a,b"},
      {"postgresql://h/d?a=&&b==", "postgresql host=h db=d ?a= ?b=="},
      {"postgresql://h/d?", "postgresql host=h db=d"},
      // SQLite.
      {"sqlite://", "sqlite"},
      {"sqlite:///:memory:", "sqlite db=:memory:"},
      {"sqlite:///dir/file.db", "sqlite db=dir/file.db"},
      {"sqlite:////var/lib/a b@c:d#e.db", "sqlite db=/var/lib/a b@c:d#e.db"},
      {"sqlite+pysqlite:///a.db?timeout=5", "sqlite+pysqlite db=a.db ?timeout=5"},
      {"sqlite+aiosqlite:///a.db", "sqlite+aiosqlite db=a.db"},
      {"sqlite:///file:a.db?mode=ro&uri=true", "sqlite db=file:a.db ?mode=ro ?uri=true"},
  };
  for (const auto& [text, expected] : cases) {
    const DatabaseUrl url = parse_url(text);
    EXPECT_EQ(dump(url), expected) << text;
    EXPECT_EQ(dump(parse_url(to_string(url))), expected) << text;
  }
}

constexpr const char* kForms =
    "a database URL looks like postgresql://user:password@host:5432/name or sqlite:///file.db";
constexpr const char* kEscapes =
    "in a user name or password write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as "
    "%25";

TEST(Url, Errors) {
  const std::string no_at =
      std::string("if it is a password, @ and the host are missing after it; ") + kEscapes;
  const std::string slashes =
      "write three slashes before a relative path (sqlite:///file.db), four before an absolute one "
      "(sqlite:////var/lib/file.db)";
  const struct {
    std::string text, expected, hint;
  } cases[] = {
      {"", "it is empty", kForms},
      {" \n", "it is empty", kForms},
      {"\"postgresql://h/s3cret\"", "it begins with a quotation mark",
       "leave out the quotation marks around it"},
      {"postgresql://h/s3cret\nx", "it contains a line break or another control character", kForms},
      {"postgresql:/u:s3cret@h/d", "it has no // after the dialect", kForms},
      {"postgresql:s3cret", "it has no // after the dialect", kForms},
      {"localhost/s3cret", "it does not begin with a dialect and ://", kForms},
      {"app.db", "it does not begin with a dialect and ://", kForms},
      {"host=h password=s3cret", "it is a list of libpq's parameters, not a URL",
       "write them as postgresql://user:password@host:5432/name?parameter=value"},
      {"jdbc:postgresql://h/d", "it is a URL for JDBC", "leave out jdbc:"},
      {"u:s3cret@h://d", "what stands before :// is not the name of a dialect", kForms},
      {"://h/d", "what stands before :// is not the name of a dialect", kForms},
      {"+psycopg://h/d", "what stands before :// is not the name of a dialect", kForms},
      {"postgresql://u:p@s3cret@h/d", "there is more than one @ after the user name", kEscapes},
      {"postgresql://u:p@s3cret?x=y@h/d", "there is more than one @ after the user name", kEscapes},
      {"postgresql://u:p/s3cret@x@h/d", "there is more than one @ after the user name", kEscapes},
      {"postgresql://u:12/s3cret@h/d",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://u:/s3cret@h/d",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://h:5432/d?user=me@x",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://us@er:12/s3cret@h/d",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://u@h:5432/d?application_name=me@x",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://[::1]:5432/d?user=me@x",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://u@[::1]/d?user=me@x",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://h:1,i:2/d?user=me@x",
       "it can be read in two ways: is there a password before the @?", kEscapes},
      {"postgresql://u:s3cret/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://u:p@h:s3cret/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://h:0/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://h:65536/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://h:-1/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://h:99999999999999999999/d", "the port is not a number from 1 to 65535", no_at},
      {"postgresql://::1/d",
       "the host has more than one :", "write an IPv6 address in brackets: [::1]:5432"},
      {"postgresql://[::1/d", "an IPv6 address has no closing ]", kForms},
      {"postgresql://[s3cret]/d", "what stands in [ ] is not an IPv6 address", kForms},
      {"postgresql://s3cret%2Cb:5/d", "a host's name contains a comma (%2C)",
       "several hosts are written host1:5432,host2:5433"},
      {"postgresql://[::1,b]/d", "what stands in [ ] is not an IPv6 address", kForms},
      {"postgresql://[::1]5432/d", "something stands between ] and the port", kForms},
      {"postgresql://h/d?s3cret", "a parameter after the ? is not key=value", kEscapes},
      {"postgresql://h/d?=s3cret", "a parameter after the ? is not key=value", kEscapes},
      {"postgresql://u:s3%00cret@h/d", "it contains a NUL byte (%00)", kForms},
      {"sqlite://s3cret.db", "SQLite has no host", slashes},
      {"sqlite://:memory:", "SQLite has no host", slashes},
      {"sqlite://u:s3cret@h/d", "SQLite has no host", slashes},
  };
  for (const auto& [text, expected, hint] : cases) {
    try {
      ADD_FAILURE() << text << " is read as " << dump(parse_url(text, "--url"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfig);
      EXPECT_EQ(error.message(), "cannot read the database URL from --url: " + expected) << text;
      EXPECT_EQ(error.hint(), hint) << text;
      const std::string all = error.message() + error.detail() + error.hint() + error.source_line();
      EXPECT_EQ(all.find("s3"), std::string::npos) << text;
    }
  }
}

TEST(Url, ErrorsWithoutOrigin) {
  try {
    parse_url("x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "cannot read the database URL: it does not begin with a dialect and ://");
  }
}

TEST(Url, Masks) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"postgres://u:s3cret@h:5432/d", "postgresql://u:***@h:5432/d"},
      {"postgresql+psycopg2://u@h/d?sslmode=require",
       "postgresql+psycopg2://u@h/d?sslmode=require"},
      {"postgresql://:s3cret@h", "postgresql://:***@h"},
      {"postgresql:///d?user=u&password=s3cret&SSLPassword=s3cret",
       "postgresql:///d?user=u&password=***&SSLPassword=***"},
      {"postgresql:///d?passfile=/home/u/.pgpass", "postgresql:///d?passfile=/home/u/.pgpass"},
      {"postgresql://[::1]:5432,b,%2Frun:1/d", "postgresql://[::1]:5432,b,%2Frun:1/d"},
      {"sqlite:////srv/grün.db", "sqlite:////srv/grün.db"},
      {"sqlite:///a?b=c", "sqlite:///a?b=c"},
      {"sqlite:///a%3Fb%1B%C2%9B%FF", "sqlite:///a%3Fb%1B%C2%9B%FF"},
      {"sqlite://", "sqlite://"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(to_masked_string(parse_url(text)), expected) << text;
  }
}

RC_GTEST_PROP(Url, AWrittenUrlIsReadBack, ()) {
  const auto text = rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::elementOf(std::string("ab1%/:@?#[]&=+, \"\\")),
                     rc::gen::inRange<char>('\x01', '\x7F')));
  DatabaseUrl url;
  url.dialect = "postgresql";
  url.username = *text;
  url.password = *text;
  url.host = base::replace_all(*text, ",", "");
  url.port = *rc::gen::element<std::string>("", "1", "65535");
  for (int more = *rc::gen::inRange(0, 3); more > 0; --more) {
    url.host += "," + base::replace_all(*text, ",", "");
    if (!url.port.empty()) url.port += *rc::gen::element<std::string>(",", ",1");
  }
  url.database = *text;
  for (const auto& [key, value] :
       *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
           rc::gen::pair(text, text))) {
    if (!key.empty()) url.query.emplace_back(key, value);
  }
  const DatabaseUrl again = parse_url(to_string(url));
  RC_ASSERT(again == url);
}

}  // namespace
}  // namespace capo::config
