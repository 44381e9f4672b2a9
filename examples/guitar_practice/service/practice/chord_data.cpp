#include "practice/chord_data.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace gpra {
namespace {

using nlohmann::json;

constexpr int kFewestStrings = 3;
constexpr int kMostStrings = 12;
constexpr int kUsualStrings = 6;
constexpr int kHighestFret = 24;
constexpr int kUsualFrets = 5;
constexpr std::size_t kMostFingers = 24;
constexpr std::size_t kMostBarres = 6;
constexpr std::size_t kLongestWord = 16;    // bytes, on a finger
constexpr std::size_t kLongestLabel = 400;  // bytes

bool is_between(const json& value, long long least, long long most) {
  // A number above what a long long holds would come out of get() as another one.
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<unsigned long long>() > kHighestFret) return false;
  return value.get<long long>() >= least && value.get<long long>() <= most;
}

bool is_word(const json& value, std::size_t longest) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= longest;
}

std::string from_to(int least, int most) {
  return "is to be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

/// `EADGBE`, `Eb Ab Db Gb Bb Eb`: how many strings, or 0 if it is none.
int strings_of(const std::string& tuning) {
  int strings = 0;
  for (std::size_t at = 0; at < tuning.size();) {
    const std::string_view rest = std::string_view(tuning).substr(at);
    if (rest[0] >= 'A' && rest[0] <= 'G') {
      ++strings;
      ++at;
    } else if (rest[0] == ' ') {
      ++at;
    } else if (strings > 0 && (rest[0] == '#' || rest[0] == 'b')) {
      ++at;
    } else if (strings > 0 && (rest.starts_with("♯") || rest.starts_with("♭"))) {
      at += std::string_view("♯").size();
    } else {
      return 0;
    }
  }
  return strings >= kFewestStrings && strings <= kMostStrings ? strings : 0;
}

/// Looks through one drawing, and notes what is wrong.
class Check {
 public:
  Check(const json& data, Problem& problem) : data_(data), problem_(problem) {}

  void run() {
    if (!data_.is_object()) return note("", "is to be an object");
    for (const auto& [name, value] : data_.items()) {
      static const std::set<std::string> known = {"tuning",  "startingFret", "numFrets",
                                                  "fingers", "barres",       "sectionLabel"};
      if (!known.contains(name)) note("." + name, "is not known here");
    }
    check_numbers();
    check_fingers();
    check_barres();
    const auto label = data_.find("sectionLabel");
    if (label != data_.end() && !label->is_null() && !is_word(*label, kLongestLabel)) {
      note(".sectionLabel", "is to be a short text");
    }
  }

 private:
  void note(const std::string& place, const std::string& what) {
    problem_.field("chord_data" + place, what);
  }

  void check_numbers() {
    if (const auto tuning = data_.find("tuning"); tuning != data_.end()) {
      const int strings = tuning->is_string() ? strings_of(tuning->get<std::string>()) : 0;
      if (strings == 0) note(".tuning", "is to be the notes of the strings, as EADGBE");
      strings_ = strings == 0 ? kMostStrings : strings;
    }
    const auto first = data_.find("startingFret");
    if (first != data_.end() && !is_between(*first, 1, kHighestFret)) {
      note(".startingFret", from_to(1, kHighestFret));
    }
    const auto frets = data_.find("numFrets");
    if (frets == data_.end()) return;
    if (is_between(*frets, 1, kHighestFret)) {
      frets_ = frets->get<int>();
    } else {
      note(".numFrets", from_to(1, kHighestFret));
    }
  }

  void check_fingers() {
    const auto fingers = data_.find("fingers");
    if (fingers == data_.end()) return note(".fingers", "is missing");
    if (!fingers->is_array() || fingers->size() > kMostFingers) {
      return note(".fingers", "is to be a list of at most " + std::to_string(kMostFingers));
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < fingers->size(); ++i) {
      const json& finger = (*fingers)[i];
      const std::string place = ".fingers[" + std::to_string(i) + "]";
      if (!is_finger(finger)) {
        note(place, "is to be [string, fret], of strings 1 to " + std::to_string(strings_) +
                        " and frets 0 to " + std::to_string(frets_) + " or \"x\"");
      } else if (!seen.insert(finger[0].dump() + " " + finger[1].dump()).second) {
        note(place, "is there twice");
      }
    }
  }

  bool is_finger(const json& finger) const {
    if (!finger.is_array() || finger.size() < 2 || finger.size() > 3) return false;
    if (!is_between(finger[0], 1, strings_)) return false;
    if (!is_between(finger[1], 0, frets_) && finger[1] != "x") return false;
    return finger.size() == 2 || is_word(finger[2], kLongestWord);
  }

  void check_barres() {
    const auto barres = data_.find("barres");
    if (barres == data_.end()) return;
    if (!barres->is_array() || barres->size() > kMostBarres) {
      return note(".barres", "is to be a list of at most " + std::to_string(kMostBarres));
    }
    for (std::size_t i = 0; i < barres->size(); ++i) {
      if (is_barre((*barres)[i])) continue;
      note(".barres[" + std::to_string(i) + "]",
           "is to be {\"fromString\", \"toString\", \"fret\"}, from the lower string to the higher "
           "one, within the drawing");
    }
  }

  bool is_barre(const json& barre) const {
    if (!barre.is_object()) return false;
    std::size_t known = 3;
    if (const auto text = barre.find("text"); text != barre.end()) {
      if (!is_word(*text, kLongestWord)) return false;
      ++known;
    }
    const auto number = [&](const char* name, int least, int most) {
      const auto found = barre.find(name);
      return found != barre.end() && is_between(*found, least, most);
    };
    return barre.size() == known && number("fromString", 1, strings_) &&
           number("toString", 1, strings_) && number("fret", 1, frets_) &&
           barre["fromString"].get<int>() > barre["toString"].get<int>();
  }

  const json& data_;
  Problem& problem_;
  int strings_ = kUsualStrings;
  int frets_ = kUsualFrets;
};

bool is_drawing(const json& data) {
  Problem problem(422, "", "");
  check_chord_data(data, problem);
  return !problem.has_fields();
}

/// Where each string is held down, from the lowest on; nothing where it is not played. Nothing at
/// all if it is no chord of the library.
std::optional<std::vector<std::optional<int>>> absolute_frets(const json& common) {
  if (!common.is_object() || !common.contains("frets") || !common["frets"].is_array() ||
      common["frets"].size() != kUsualStrings || !common.contains("startingFret") ||
      !is_between(common["startingFret"], 0, kHighestFret)) {
    return std::nullopt;
  }
  std::vector<std::optional<int>> frets;
  for (const json& offset : common["frets"]) {
    if (offset.is_null()) {
      frets.emplace_back();
    } else if (is_between(offset, -kHighestFret, kHighestFret)) {
      frets.emplace_back(common["startingFret"].get<int>() + offset.get<int>());
    } else {
      return std::nullopt;
    }
  }
  // A shape that would begin behind the nut is held an octave higher.
  constexpr int kOctave = 12;
  const bool is_behind =
      std::any_of(frets.begin(), frets.end(), [](const auto& fret) { return fret && *fret < 0; });
  for (auto& fret : frets) {
    if (is_behind && fret) *fret += kOctave;
  }
  return frets;
}

}  // namespace

void check_chord_data(const json& data, Problem& problem) { Check(data, problem).run(); }

std::optional<json> drawing_of(const json& common) {
  if (is_drawing(common)) return common;
  const auto frets = absolute_frets(common);
  if (!frets) return std::nullopt;
  int lowest = 0;
  int highest = 0;
  for (const auto& fret : *frets) {
    if (!fret || *fret <= 0) continue;
    lowest = lowest == 0 ? *fret : std::min(lowest, *fret);
    highest = std::max(highest, *fret);
  }
  // At the nut if all of it can be seen from there.
  const int first = highest <= kUsualFrets ? 1 : lowest;
  json fingers = json::array();
  for (std::size_t i = 0; i < frets->size(); ++i) {
    const int string = kUsualStrings - static_cast<int>(i);
    const std::optional<int>& fret = (*frets)[i];
    if (!fret) {
      fingers.push_back({string, "x"});
    } else {
      fingers.push_back({string, *fret == 0 ? 0 : *fret - first + 1});
    }
  }
  json drawing = {{"tuning", "EADGBE"},
                  {"startingFret", first},
                  {"numFrets", std::max(kUsualFrets, highest - first + 1)},
                  {"fingers", std::move(fingers)},
                  {"barres", json::array()}};
  if (!is_drawing(drawing)) return std::nullopt;
  return drawing;
}

}  // namespace gpra
