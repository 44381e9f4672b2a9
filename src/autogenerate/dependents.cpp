// Views, functions, triggers and policies: they rest on tables and on each other, so that a change
// below takes down what is above, and puts it back as it was.

#include "autogenerate/dependents.hpp"

#include <algorithm>
#include <unordered_set>

#include "autogenerate/constraints.hpp"

namespace capo::autogenerate {
namespace {

enum class Fate { kStays, kComes, kGoes, kIsReplaced, kIsRemade };

/// One object in its two states.
struct Node {
  std::string key = {};
  std::string name = {};
  std::string on_key = {};  ///< what it is on, of a trigger or policy: `view monthly`
  std::string old_text = {};
  std::string new_text = {};
  int rank = 0;  ///< views and functions 0, triggers 1, policies 2
  bool is_function = false;
  std::vector<std::string> argument_words = {};  ///< of a function: names and types
  bool is_renamed = false;  ///< over something that is renamed: it goes before that
  Fate fate = Fate::kStays;
  std::optional<Operation> create = {};   ///< the new state
  std::optional<Operation> restore = {};  ///< the old one
  std::optional<Operation> drop = {};
  std::optional<Operation> replace = {};

  bool is_dropped() const { return fate == Fate::kGoes || fate == Fate::kIsRemade; }
  bool is_made() const {
    return fate == Fate::kComes || fate == Fate::kIsRemade || fate == Fate::kIsReplaced;
  }
};

std::string text_of(const View& view) { return view.query.sql; }
std::string text_of(const Trigger& trigger) { return trigger.event.sql + " " + trigger.action.sql; }
std::string text_of(const Policy& policy) {
  return (policy.using_ ? policy.using_->sql + " " : "") +
         (policy.with_check ? policy.with_check->sql : "");
}
// The body of a PL/pgSQL function is looked at when it is called, not when it is made.
std::string text_of(const Function& function) {
  std::string text;
  for (const std::string& argument : function.arguments) text += argument + " ";
  const std::string& definition = function.definition.sql;
  const bool is_late = mentions(definition, "plpgsql");
  return text + (is_late ? definition.substr(0, definition.find("AS ")) : definition);
}

std::vector<std::string> argument_words_of(const Function& function) {
  std::vector<std::string> words;
  for (const std::string& argument : function.arguments) {
    for (std::string& word : words_of(argument)) words.push_back(std::move(word));
  }
  return words;
}
std::vector<std::string> argument_words_of(const auto&) { return {}; }

int rank_of(const View&) { return 0; }
int rank_of(const Function&) { return 0; }
int rank_of(const Trigger&) { return 1; }
int rank_of(const Policy&) { return 2; }

std::string on_key_of(const Trigger& trigger) {
  return "view " + schema::qualified(trigger.schema, trigger.table);
}
std::string on_key_of(const auto&) { return {}; }

// What follows RETURNS cannot be changed in place, nor what a view's columns are.
std::string returns(const Function& function) {
  const std::string& text = function.definition.sql;
  return text.substr(0, text.find("LANGUAGE"));
}
bool can_replace(const View&, const View&) { return false; }
bool can_replace(const Function& was, const Function& now) {
  return was.procedure == now.procedure && was.arguments == now.arguments &&
         returns(was) == returns(now);
}
bool can_replace(const Trigger&, const Trigger&) { return true; }
bool can_replace(const Policy&, const Policy&) { return true; }

// The indexes of a view can change while it stays.
View without_indexes(View view) {
  view.indexes.clear();
  return view;
}
template <class Object>
const Object& without_indexes(const Object& object) {
  return object;
}

Table indexes_of(const View& view) {
  return Table(view.name, {}, {.schema = view.schema, .indexes = view.indexes});
}

class Dependents {
 public:
  Dependents(const Sides& sides, Plan& plan) : sides_(sides), plan_(plan) {}

  void compare() {
    const schema::Schema& old = sides_.original.schema;
    const schema::Schema& from = sides_.from.schema;
    const schema::Schema& to = sides_.to.schema;
    const schema::Schema* said = sides_.declared;
    read(old.functions, from.functions, to.functions, said ? &said->functions : nullptr);
    read(old.views, from.views, to.views, said ? &said->views : nullptr);
    read(old.triggers, from.triggers, to.triggers, said ? &said->triggers : nullptr);
    read(old.policies, from.policies, to.policies, said ? &said->policies : nullptr);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      numbers_.emplace(nodes_[i].key, i);
      if (nodes_[i].rank == 0) by_name_[nodes_[i].name].push_back(i);
    }
    old_edges_ = edges(sides_.from.dependencies, &Node::old_text);
    new_edges_ = edges(sides_.to.dependencies, &Node::new_text);
    take_out_of_the_way();
    drop();
    make();
    change_indexes();
  }

 private:
  using Edges = std::vector<std::vector<std::size_t>>;  ///< of a node: those that it rests on

  template <class List>
  void read(const List& original, const List& from, const List& to, const List* declared) {
    using Object = typename List::value_type;
    const auto old = by_key(from);
    const auto said = declared ? by_key(*declared) : ByKey<Object>();
    const auto now = by_key(to);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const Object& object = from[i];
      Node node = node_of(object);
      node.is_renamed = original[i] != object || plan_.is_renamed(node.key);
      node.old_text = text_of(object);
      node.restore = Create<Object>{.object = original[i]};
      node.drop = Drop<Object>{.object = original[i], .was = original[i]};
      if (const Object* other = find(now, node.key)) {
        fill_new(node, *other, find(said, node.key));
        if (without_indexes(*other) != without_indexes(object)) {
          node.replace =
              Replace<Object>{.object = stated(*other, find(said, node.key)), .was = object};
          const bool in_place = can_replace(object, *other) && !node.is_renamed;
          node.fate = in_place ? Fate::kIsReplaced : Fate::kIsRemade;
        }
      } else {
        node.fate = Fate::kGoes;
      }
      nodes_.push_back(std::move(node));
    }
    for (const Object& object : to) {
      if (old.contains(schema::describe(object))) continue;
      Node node = node_of(object);
      node.fate = Fate::kComes;
      fill_new(node, object, find(said, node.key));
      nodes_.push_back(std::move(node));
    }
  }

  template <class Object>
  static Node node_of(const Object& object) {
    return {.key = schema::describe(object),
            .name = object.name,
            .on_key = on_key_of(object),
            .rank = rank_of(object),
            .is_function = std::is_same_v<Object, Function>};
  }
  template <class Object>
  static const Object& stated(const Object& now, const Object* said) {
    return said ? *said : now;
  }
  template <class Object>
  static void fill_new(Node& node, const Object& now, const Object* said) {
    node.new_text = text_of(now);
    node.argument_words = argument_words_of(now);
    node.create = Create<Object>{.object = stated(now, said)};
  }

  // What the catalog says, and what the texts mention: a trigger's function, a view that a schema
  // without a database is made of.
  Edges edges(const std::vector<dialect::Dependency>& known, std::string Node::*text) const {
    Edges result(nodes_.size());
    for (const dialect::Dependency& dependency : known) {
      const auto user = numbers_.find(dependency.object);
      const auto used = numbers_.find(dependency.on);
      if (user != numbers_.end() && used != numbers_.end() && user != used) {
        result[user->second].push_back(used->second);
      }
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const auto view = numbers_.find(nodes_[i].on_key);
      if (view != numbers_.end()) result[i].push_back(view->second);
      for (const std::string& word : words_of(nodes_[i].*text)) {
        const auto named = by_name_.find(word);
        if (named == by_name_.end()) continue;
        for (const std::size_t other : named->second) {
          if (other != i) result[i].push_back(other);
        }
      }
    }
    return result;
  }

  void take_out_of_the_way() {
    std::unordered_set<std::string> in_the_way;
    for (const dialect::Dependency& dependency : sides_.from.dependencies) {
      if (plan_.touches(dependency)) in_the_way.insert(dependency.object);
    }
    std::vector<std::size_t> falling;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (in_the_way.contains(nodes_[i].key) || plan_.is_renamed(nodes_[i].key)) {
        is_in_the_way_.insert(i);
        remake(nodes_[i]);
      }
      if (nodes_[i].is_dropped()) falling.push_back(i);
    }
    Edges users(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (const std::size_t used : old_edges_[i]) users[used].push_back(i);
    }
    while (!falling.empty()) {
      const std::size_t next = falling.back();
      falling.pop_back();
      for (const std::size_t user : users[next]) {
        const bool falls = remake(nodes_[user]);
        const bool is_earlier = nodes_[next].is_renamed && !nodes_[user].is_renamed;
        if (is_earlier && nodes_[user].is_dropped()) nodes_[user].is_renamed = true;
        if (falls || is_earlier) falling.push_back(user);
      }
    }
  }

  // Another name of an argument makes another key, but no other function.
  bool returns_as_another(const Node& node) const {
    const std::vector<std::size_t>& namesakes = by_name_.at(node.name);
    return std::any_of(namesakes.begin(), namesakes.end(), [&](std::size_t other) {
      return nodes_[other].is_function && nodes_[other].fate == Fate::kComes;
    });
  }

  static bool remake(Node& node) {
    if (node.fate != Fate::kStays && node.fate != Fate::kIsReplaced) return false;
    node.fate = Fate::kIsRemade;
    return true;
  }

  // What others rest on first; of a circle, whatever comes first.
  std::vector<std::size_t> in_order(const Edges& edges) const {
    std::vector<std::size_t> order;
    std::vector<int> state(nodes_.size(), 0);
    const auto visit = [&](auto&& self, std::size_t i) -> void {
      if (state[i] != 0) return;
      state[i] = 1;
      for (const std::size_t used : edges[i]) self(self, used);
      order.push_back(i);
    };
    for (std::size_t i = 0; i < nodes_.size(); ++i) visit(visit, i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return nodes_[a].rank < nodes_[b].rank; });
    return order;
  }

  std::vector<Operation> attachments_of(const Node& node) const {
    std::vector<Operation> result;
    for (const dialect::Attachment& attachment : sides_.from.attachments) {
      if (attachment.object == node.key) {
        result.emplace_back(
            ExecuteSql{.text = attachment.statement, .on = std::string(sides_.dialect.name())});
      }
    }
    return result;
  }

  void drop() {
    std::vector<std::size_t> order = in_order(old_edges_);
    std::reverse(order.begin(), order.end());
    for (const std::size_t i : order) {
      const Node& node = nodes_[i];
      if (!node.is_dropped()) continue;
      std::vector<Operation> back = attachments_of(node);
      back.insert(back.begin(), *node.restore);
      const bool can_wait = node.is_function && node.fate == Fate::kGoes &&
                            !is_in_the_way_.contains(i) && !returns_as_another(node);
      const Phase early = node.is_renamed ? Phase::kDropRenamed : Phase::kDropDependents;
      plan_.add(can_wait ? Phase::kDropFunctions : early,
                Step{.operation = *node.drop, .back = std::move(back)});
    }
  }

  /// What is not yet what it will be when functions are made, by name, and the functions that it
  /// calls.
  struct Unfinished {
    std::unordered_set<std::string> names = {};
    std::unordered_set<std::string> called = {};
  };

  Unfinished unfinished() const {
    Unfinished result;
    for (const Table& table : sides_.to.schema.tables) {
      const Table* was = find(sides_.from_tables, key_of(table));
      if (was != nullptr && *was == table) continue;
      result.names.insert(table.name);
      for (const std::string_view sql : expressions_of(table)) {
        for (std::string& name : calls_of(sql)) result.called.insert(std::move(name));
      }
    }
    result.names.insert(plan_.late_types().begin(), plan_.late_types().end());
    for (const Node& node : nodes_) {
      if (node.is_made() && !node.is_function) result.names.insert(node.name);
    }
    return result;
  }

  // Before the tables, unless it mentions one of those that come. An argument may be called as a
  // table is: if a table calls the function, that is what it is.
  static bool is_early(const Node& node, const Unfinished& unfinished) {
    if (!node.is_function) return false;
    const bool is_called = unfinished.called.contains(node.name);
    const std::vector<std::string>& arguments = node.argument_words;
    const std::vector<std::string> words = words_of(node.new_text);
    return std::none_of(words.begin(), words.end(), [&](const std::string& word) {
      if (!unfinished.names.contains(word)) return false;
      return !is_called || std::find(arguments.begin(), arguments.end(), word) == arguments.end();
    });
  }

  void make() {
    const Unfinished still = unfinished();
    for (const std::size_t i : in_order(new_edges_)) {
      const Node& node = nodes_[i];
      if (!node.is_made()) continue;
      const Phase phase =
          is_early(node, still) ? Phase::kCreateFunctions : Phase::kCreateDependents;
      if (node.fate == Fate::kIsReplaced) {
        plan_.add(phase, *node.replace);
        continue;
      }
      plan_.add(phase, *node.create);
      if (node.fate != Fate::kIsRemade) continue;
      for (Operation& attachment : attachments_of(node)) {
        plan_.add(phase,
                  Step{.operation = std::move(attachment), .back = std::vector<Operation>()});
      }
    }
  }

  void change_indexes() {
    const auto now = by_key(sides_.to.schema.views);
    for (const View& view : sides_.from.schema.views) {
      const std::string key = schema::describe(view);
      const View* other = find(now, key);
      if (other == nullptr || nodes_[numbers_.at(key)].fate != Fate::kStays) continue;
      compare_indexes(sides_, indexes_of(view), indexes_of(*other), plan_);
    }
  }

  const Sides& sides_;
  Plan& plan_;
  std::vector<Node> nodes_ = {};
  std::unordered_map<std::string, std::size_t> numbers_ = {};
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_ = {};
  Edges old_edges_ = {};
  Edges new_edges_ = {};
  std::unordered_set<std::size_t> is_in_the_way_ = {};
};

}  // namespace

void compare_dependents(const Sides& sides, Plan& plan) { Dependents(sides, plan).compare(); }

}  // namespace capo::autogenerate
