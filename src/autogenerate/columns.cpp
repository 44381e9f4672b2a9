// Columns: added, dropped, altered; and made anew where a database cannot alter them.

#include "autogenerate/columns.hpp"

#include <algorithm>

#include "autogenerate/numbering.hpp"
#include "autogenerate/renames.hpp"

namespace capo::autogenerate {
namespace {

using schema::find_column;

int family(TypeKind kind) {
  switch (kind) {
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
    case TypeKind::kNumeric:
    case TypeKind::kReal:
    case TypeKind::kDouble:
      return 1;
    case TypeKind::kChar:
    case TypeKind::kString:
    case TypeKind::kText:
      return 2;
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      return 3;
    case TypeKind::kBoolean:
    case TypeKind::kBinary:
    case TypeKind::kTime:
    case TypeKind::kInterval:
    case TypeKind::kUuid:
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kEnum:
    case TypeKind::kArray:
    case TypeKind::kInet:
    case TypeKind::kNamed:
      return 100 + static_cast<int>(kind);
  }
  return 0;
}

// What is lost where the database converts without a word: digits, and the time of a day.
bool rounds(const Type& from, const Type& to) {
  const auto is_whole = [](TypeKind kind) {
    return kind == TypeKind::kSmallInteger || kind == TypeKind::kInteger ||
           kind == TypeKind::kBigInteger;
  };
  if (family(from.kind) == 1 && family(to.kind) == 1 && !is_whole(from.kind)) {
    if (is_whole(to.kind)) return true;
    if (from.kind == TypeKind::kNumeric && to.kind == TypeKind::kNumeric) {
      return to.precision && (!from.precision || to.scale < from.scale);
    }
    return to.kind == TypeKind::kReal || from.kind == TypeKind::kNumeric;
  }
  if (from.kind == TypeKind::kTimestamp) {
    return to.kind == TypeKind::kDate || (to.kind == TypeKind::kTimestamp &&
                                          to.precision.value_or(6) < from.precision.value_or(6));
  }
  return false;
}

std::string where(const Table& table, const std::string& column) {
  return key_of(table) + "." + column;
}

Note destroys(std::string text) { return {.kind = Note::Kind::kDestroys, .text = std::move(text)}; }

// A default, or a number, is what rows get that are there already.
bool has_no_value(const Column& column) {
  const ColumnOptions& options = column.options;
  return !options.nullable && options.server_default.is_none() && !options.computed &&
         !options.identity && without_serial(column.type) == column.type;
}

Note fails_on_rows(const std::string& column) {
  return {.kind = Note::Kind::kFails,
          .text = "THERE ARE ROWS: " + column +
                  " is NOT NULL and has no default: give it a server_default, or add it nullable, "
                  "fill it, then set it not null"};
}

// Whether there is any, only the rows know. It is said because a deployment should not be the first
// to ask them, and because the way out is one UPDATE.
Note fails_on_nulls(const std::string& column) {
  return {.kind = Note::Kind::kFails,
          .text = "THERE ARE NULLS in " + column + ": fill them before it becomes NOT NULL"};
}

// Without what stands in the table's own lists.
Column plain(Column column) {
  column.options.primary_key = false;
  column.options.unique = false;
  column.options.index = false;
  column.options.renamed_from = {};
  return column;
}

class Columns {
 public:
  Columns(const Sides& sides, const Table& from, const Table& to, Plan& plan)
      : sides_(sides),
        from_(from),
        to_(to),
        plan_(plan),
        declared_(find(sides.declared_tables, key_of(to))) {}

  void compare() {
    const std::vector<Renaming> maybe = likely_renamings(from_, to_);
    for (const Column& column : from_.columns) {
      const Column* now = find_column(to_, column.name);
      if (now == nullptr) {
        drop(column, maybe);
      } else if (column.options.computed != now->options.computed) {
        make_anew(column, *now);
      } else if (is_numbered_otherwise(column, *now)) {
        stop_numbering(sides_, to_, column, plan_);
        alter(unnumbered(column), unnumbered(*now));
        start_numbering(sides_, to_, *now, plan_);
      } else if (column != *now) {
        alter(column, *now);
      }
    }
    for (const Column& column : to_.columns) {
      if (find_column(from_, column.name) == nullptr) {
        if (column.options.computed) {
          add_generated(column);
        } else {
          plan_.add(Phase::kAddColumns, adding(column));
        }
      }
    }
    free_generated();
    order_generated();
  }

 private:
  const std::string& in() const { return to_.options.schema; }
  std::string key() const { return key_of(to_); }

  Column declared(const Column& column) const {
    const Column* said = declared_ ? find_column(*declared_, column.name) : nullptr;
    Column result = plain(said ? *said : column);
    result.options.nullable = column.options.nullable;  // a key's columns are not
    return result;
  }

  DropColumn drop_of(const Column& column) const {
    return {.table = to_.name, .column = column.name, .schema = in(), .was = column};
  }

  void drop(const Column& column, const std::vector<Renaming>& maybe) {
    Step step{.operation = drop_of(column)};
    if (!column.options.computed) {
      step.notes.push_back(destroys("the values of " + where(to_, column.name) + " are lost"));
    }
    for (const Renaming& renaming : maybe) {
      if (renaming.from != column.name) continue;
      step.notes.push_back({.kind = Note::Kind::kMaybeRename,
                            .text = where(to_, renaming.from) + " goes and " +
                                    where(to_, renaming.to) +
                                    " comes, of the same type: if it is the same column, say "
                                    ".renamed_from = \"" +
                                    renaming.from + "\" in the model of " + renaming.to,
                            .renaming = renaming});
    }
    plan_.touch(key(), column.name);
    if (column.options.computed) return drop_generated(std::move(step), column);
    plan_.add(Phase::kDropColumns, std::move(step));
  }

  // No database turns a generated column into another.
  void make_anew(const Column& column, const Column& now) {
    Step step{.operation = drop_of(column)};
    if (!column.options.computed || !now.options.computed) {
      step.notes.push_back(destroys("the values of " + where(to_, column.name) + " are lost"));
    }
    plan_.make_anew(key(), column.name);
    drop_generated(std::move(step), column);
    if (now.options.computed) {
      add_generated(now);
    } else {
      plan_.add(Phase::kAddGenerated, adding(now));
    }
  }

  Step adding(const Column& column) const {
    Step step{.operation =
                  AddColumn{.table = to_.name, .column = declared(column), .schema = in()}};
    if (has_no_value(column)) step.notes.push_back(fails_on_rows(where(to_, column.name)));
    return step;
  }

  void alter(const Column& column, const Column& now) {
    Column said = unnumbered(declared(now));
    AlterColumn change{.table = to_.name, .column = column.name, .schema = in(), .was = column};
    Step step{.operation = change};
    if (column.options.nullable != now.options.nullable) {
      change.nullable = now.options.nullable;
      if (!now.options.nullable) step.notes.push_back(fails_on_nulls(where(to_, column.name)));
    }
    if (column.options.server_default != now.options.server_default) {
      change.server_default = said.options.server_default;
    }
    if (column.options.comment != now.options.comment) change.comment = now.options.comment;
    if (column.type != now.type || column.options.collation != now.options.collation) {
      change.type = said.type;
      if (column.options.collation != now.options.collation) {
        change.collation = said.options.collation;
      }
      retype(column, now, change, step);
    }
    if (!(change.type || change.nullable || change.server_default || change.comment)) return;
    step.operation = change;
    plan_.add(Phase::kAlterColumns, std::move(step));
  }

  void retype(const Column& column, const Column& now, AlterColumn& change, Step& step) {
    plan_.touch(key(), column.name);
    if (rounds(column.type, now.type)) {
      step.notes.push_back(
          destroys("values of " + where(to_, column.name) + " may lose digits or times of day"));
    }
    change.using_ = sides_.dialect.conversion(column.name, column.type, now.type);
    const std::optional<SqlText> back_using =
        sides_.dialect.conversion(column.name, now.type, column.type);
    const bool converts = change.using_ || back_using;
    // A default that stays as it is may not fit the new type by itself.
    if (converts && !column.options.server_default.is_none() && !change.server_default) {
      change.server_default = declared(now).options.server_default;
    }
    if (!converts) return;
    AlterColumn back = change;
    back.type = column.type;
    back.using_ = back_using;
    if (change.collation) back.collation = column.options.collation;
    if (change.nullable) back.nullable = column.options.nullable;
    if (change.server_default) back.server_default = column.options.server_default;
    if (change.comment) back.comment = column.options.comment;
    back.was = declared(now);
    step.back = {back};
  }

  // A generated column stands in the way of the columns it is made of; it loses nothing by being
  // made again. Other generated columns may be made of it.
  void free_generated() {
    for (bool found = true; found;) {
      found = false;
      for (const Column& column : from_.columns) {
        const Column* now = find_column(to_, column.name);
        const bool stays = column.options.computed && now != nullptr && !is_made_anew(column.name);
        if (!stays || !is_in_the_way(column)) continue;
        plan_.make_anew(key(), column.name);
        drop_generated({.operation = drop_of(column)}, column);
        add_generated(*now);
        found = true;
      }
    }
  }

  bool is_made_anew(const std::string& column) const {
    const auto& columns = plan_.made_anew(key());
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  }

  bool is_retyped(const std::string& column) const {
    const auto& columns = plan_.retyped(key());
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  }

  bool is_in_the_way(const Column& column) const {
    return std::any_of(from_.columns.begin(), from_.columns.end(), [&](const Column& other) {
      const Column* then = find_column(to_, other.name);
      return other.name != column.name &&
             mentions(column.options.computed->expression.sql, other.name) &&
             (then == nullptr || then->type != other.type ||
              then->options.collation != other.options.collation || is_made_anew(other.name) ||
              is_retyped(other.name));
    });
  }

  void drop_generated(Step step, const Column& column) {
    drops_.emplace_back(-height(from_, column), std::move(step));
  }
  void add_generated(const Column& column) {
    adds_.emplace_back(height(to_, column),
                       Step{.operation = AddColumn{
                                .table = to_.name, .column = declared(column), .schema = in()}});
  }

  /// How many generated columns of the table, one on the other, it rests on; `most` is more than
  /// there can be.
  static int height(const Table& table, const Column& column, std::size_t most) {
    if (!column.options.computed || most == 0) return 1;
    int below = 0;
    for (const Column& other : table.columns) {
      if (!other.options.computed || other.name == column.name) continue;
      if (!mentions(column.options.computed->expression.sql, other.name)) continue;
      below = std::max(below, height(table, other, most - 1));
    }
    return below + 1;
  }
  static int height(const Table& table, const Column& column) {
    return height(table, column, table.columns.size());
  }

  // What rests on others goes before them, and comes after.
  void order_generated() {
    const auto lower = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(drops_.begin(), drops_.end(), lower);
    std::stable_sort(adds_.begin(), adds_.end(), lower);
    for (auto& [height, step] : drops_) plan_.add(Phase::kDropGenerated, std::move(step));
    for (auto& [height, step] : adds_) plan_.add(Phase::kAddGenerated, std::move(step));
  }

  const Sides& sides_;
  const Table& from_;
  const Table& to_;
  Plan& plan_;
  const Table* declared_;
  std::vector<std::pair<int, Step>> drops_ = {};  // of generated columns
  std::vector<std::pair<int, Step>> adds_ = {};
};

}  // namespace

bool is_other_kind(const Type& from, const Type& to) {
  return family(without_serial(from).kind) != family(without_serial(to).kind);
}

void compare_columns(const Sides& sides, const Table& from, const Table& to, Plan& plan) {
  Columns(sides, from, to, plan).compare();
}

}  // namespace capo::autogenerate
