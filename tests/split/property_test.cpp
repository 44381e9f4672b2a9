#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dialect/dialect.hpp"
#include "split/properties.hpp"
#include "split/samples.hpp"

namespace capo::test {
namespace {

class SplitProperty : public testing::TestWithParam<std::string> {
 protected:
  const dialect::Dialect& dialect() const { return *dialect::find_dialect(GetParam()); }
};

TEST_P(SplitProperty, HoldsForTheSamples) {
  for (const Sample& sample : samples(GetParam())) {
    EXPECT_EQ(broken_split_property(dialect(), sample.text), "") << sample.path;
  }
}

TEST_P(SplitProperty, HoldsForRandomTexts) {
  EXPECT_TRUE(rc::check("pieces are in order, whole and independent of each other", [this] {
    const std::string text = *random_sql(GetParam());
    RC_ASSERT(broken_split_property(dialect(), text) == "");
  }));
}

INSTANTIATE_TEST_SUITE_P(All, SplitProperty, testing::Values("postgresql", "sqlite"),
                         [](const auto& values) { return values.param; });

}  // namespace
}  // namespace capo::test
