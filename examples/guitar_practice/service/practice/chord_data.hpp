#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "http/problem.hpp"

/// The drawing of a chord, as charts hold it:
///
///     {"tuning": "EADGBE", "startingFret": 1, "numFrets": 5,
///      "fingers": [[6, 3], [5, 2], [1, 3]], "barres": [], "sectionLabel": "Verse"}
///
/// A finger is a string (1 is the highest) and a fret, with a word to write on it if there is one.
/// Frets count from `startingFret`, which is 1; 0 is the open string, "x" one that is not played.
/// A barre is {"fromString": 5, "toString": 1, "fret": 2}.
namespace gpra {

/// Adds what is wrong with `data` to `problem`, each under its path: `chord_data.fingers[2]`.
void check_chord_data(const nlohmann::json& data, Problem& problem);

/// A common chord as a chart draws it. The library says {"bass": 6, "startingFret": 1, "frets":
/// [0, 2, 2, 1, 0, 0]}: an offset for each string from the lowest on, null where it is not played.
/// What is a chart's drawing already stays as it is; nothing for what is neither.
std::optional<nlohmann::json> drawing_of(const nlohmann::json& common);

}  // namespace gpra
