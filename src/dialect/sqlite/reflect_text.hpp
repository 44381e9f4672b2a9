#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// SQL as SQLite keeps it, byte for byte as somebody wrote it, brought into one form: two texts
/// that differ in white space, comments, the case of keywords or needless quotes become equal.
namespace capo::dialect::sqlite {

/// What names can mean in a text. SQLite takes `"a"` for a string if there is nothing of that name,
/// so that quotes can only go where there is.
class KnownNames {
 public:
  /// It is written so wherever it is meant.
  void add(const std::string& name);
  /// Null if there is nothing of that name, in any case of letters; empty if there are several that
  /// are spelled otherwise, or their spelling is to be left alone.
  const std::string* find(std::string_view name) const;
  /// Texts keep their own spelling of a name: it may be that of a column of a view.
  void forget_spelling();

 private:
  std::map<std::string, std::string, std::less<>> names_ = {};
};

/// A token, or what is several tokens to the lexer and one to SQLite: `>=`, `1.5e-7`, `x'00'`.
struct Lexeme {
  enum class Kind {
    kWord,
    kName,  ///< quoted
    kString,
    kNumber,
    kBlob,
    kOperator,
    kOpen,
    kClose,
    kComma,
    kDot,
    kSemicolon,
  };
  Kind kind = Kind::kWord;
  std::string text = {};

  /// True for the word in any case of letters, without quotes.
  bool is(std::string_view word) const;
};
using Lexemes = std::vector<Lexeme>;

Lexemes lexemes_of(std::string_view sql);
/// Without the parentheses around all of it.
Lexemes unwrapped(Lexemes pieces);
/// What stands between the commas that are in no parenthesis.
std::vector<Lexemes> split_at_commas(const Lexemes& pieces);

enum class Layout {
  kLine,
  kQuery,    ///< `FROM`, `WHERE` and the like begin lines
  kTrigger,  ///< each statement is a line
};

/// The one form of these pieces.
std::string form_of(const Lexemes& pieces, const KnownNames& names, Layout layout = Layout::kLine);
/// The same of an expression, without needless parentheses around it. In it, a word in front of a
/// parenthesis is a function.
std::string expression_form(std::string_view sql, const KnownNames& names);
/// What follows DEFAULT: a literal, a word, or an expression in parentheses. Empty for NULL, which
/// is as good as no default.
std::string default_form(std::string_view sql, const KnownNames& names);
/// ASCII letters in upper case.
std::string upper(std::string_view text);
/// Quoted if it has to be.
std::string name_form(std::string_view name);

}  // namespace capo::dialect::sqlite
