#include "dialect/sqlite/rebuild_log.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/lexer.hpp"
#include "dialect/sqlite/merge_rebuilds.hpp"

namespace capo::dialect::sqlite {
namespace {

using Reader = StatementReader<Lexer>;

/// The table that a statement makes, or alters without another name for anything; empty if it does
/// something else.
std::string table_of(std::string_view sql) {
  Reader reader(sql);
  const bool alters = reader.accept("ALTER");
  if (!alters && !reader.accept("CREATE")) return {};
  if (!reader.accept("TABLE")) return {};
  if (!alters && reader.accept("IF")) {
    reader.accept("NOT");
    reader.accept("EXISTS");
  }
  std::string name = unquoted(reader.text());
  reader.skip();
  const bool is_plain = !alters || reader.accept("ADD") || reader.accept("DROP");
  return is_plain && reader.kind() != TokenKind::kDot ? name : std::string();
}

/// An index holds nothing that its table does not.
bool is_of_index(std::string_view sql) {
  Reader reader(sql);
  if (!reader.accept("CREATE") && !reader.accept("DROP")) return false;
  reader.accept("UNIQUE");
  return reader.accept("INDEX");
}

}  // namespace

RebuildLog::~RebuildLog() {
  try {
    shadow_.forget_places();
  } catch (const Error&) {
    // On the way out of another error: nobody asks the shadow any more.
  }
}

void RebuildLog::take_plain(Statements& out, bool is_brought_along) {
  if (out.empty()) return;
  entries_.push_back({.operation = operations_,
                      .statements = std::exchange(out, {}),
                      .is_in_the_way = is_brought_along});
}

void RebuildLog::end_operation(Statements rest, bool is_brought_along) {
  take_plain(rest, is_brought_along);
}

std::vector<Statements> RebuildLog::take() {
  std::vector<Statements> all(operations_);
  for (Entry& entry : entries_) {
    Statements& of = all[entry.operation - 1];
    std::move(entry.statements.begin(), entry.statements.end(), std::back_inserter(of));
  }
  entries_.clear();
  return all;
}

void RebuildLog::add(const Rebuild& plan, Statements& out) {
  take_plain(out, false);
  Entry entry = carried_out(plan);
  const std::optional<std::size_t> partner = find_partner(entry);
  if (!partner) {
    entries_.push_back(std::move(entry));
  } else {
    merge(*partner, std::move(entry));
  }
}

RebuildLog::Entry RebuildLog::carried_out(const Rebuild& plan) {
  Entry entry{.operation = operations_, .plan = plan};
  entry.plan->table = shadow_.spelled(plan.table);
  entry.before = shadow_.table(plan.table);
  entry.place = shadow_.mark_place();
  rebuild(shadow_, parts_, *entry.plan, entry.statements);
  return entry;
}

void RebuildLog::carry_out_again(Entry& entry) {
  if (entry.plan) entry.place = shadow_.mark_place();
  for (const Statement& statement : entry.statements) shadow_.follow(statement.sql);
}

/// The rebuild of the same table before this one, if nothing is between them that matters.
std::optional<std::size_t> RebuildLog::find_partner(const Entry& entry) {
  std::size_t at = entries_.size();
  while (at-- > 0) {
    const Entry& earlier = entries_[at];
    if (earlier.is_in_the_way) return std::nullopt;
    if (!earlier.plan || earlier.plan->table != entry.plan->table) continue;
    const bool are_apart =
        std::all_of(entries_.begin() + static_cast<std::ptrdiff_t>(at) + 1, entries_.end(),
                    [&](const Entry& between) { return is_apart(between, earlier, entry); });
    return are_apart ? std::optional(at) : std::nullopt;
  }
  return std::nullopt;
}

/// Whether what is between two rebuilds has nothing to do with their table, neither by what it does
/// nor by a foreign key.
bool RebuildLog::is_apart(const Entry& between, const Entry& first, const Entry& second) {
  const std::string& table = first.plan->table;
  const auto mentions_it = [&](const std::string& sql) { return mentions(sql, table); };
  const auto is_known_to_it = [&](const std::string& other) {
    return mentions(first.before, other) || mentions(first.plan->text.sql(), other) ||
           mentions(second.plan->text.sql(), other);
  };
  if (between.plan) {
    return !mentions_it(between.before) && !mentions_it(between.plan->text.sql()) &&
           !is_known_to_it(between.plan->table);
  }
  return std::all_of(between.statements.begin(), between.statements.end(),
                     [&](const Statement& item) {
                       if (is_of_index(item.sql)) return true;
                       const std::string other = table_of(item.sql);
                       return !other.empty() && !mentions_it(item.sql) && !is_known_to_it(other);
                     });
}

/// `second` has been carried out. If the merged one leads to the same schema it takes the place of
/// the first.
void RebuildLog::merge(std::size_t first, Entry second) {
  const std::optional<Rebuild> both =
      merged(TableText(entries_[first].before), *entries_[first].plan, *second.plan);
  if (!both) {
    entries_.push_back(std::move(second));
    return;
  }
  const std::string wanted = shadow_.objects();
  Statements statements;
  bool is_same = false;
  shadow_.go_back_to(entries_[first].place);
  try {
    rebuild(shadow_, parts_, *both, statements);
    for (std::size_t i = first + 1; i < entries_.size(); ++i) carry_out_again(entries_[i]);
    is_same = shadow_.objects() == wanted;
  } catch (const Error&) {
    // It is only possible in two.
  }
  if (is_same) {
    entries_[first].plan = both;
    entries_[first].statements = std::move(statements);
    return;
  }
  shadow_.go_back_to(entries_[first].place);
  for (const Statement& statement : entries_[first].statements) shadow_.follow(statement.sql);
  for (std::size_t i = first + 1; i < entries_.size(); ++i) carry_out_again(entries_[i]);
  carry_out_again(second);
  entries_.push_back(std::move(second));
}

}  // namespace capo::dialect::sqlite
