// Layer rules: who may include whom, and what the pure layers must not touch.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/source.h"

namespace lanze::tidy {

// Each layer and the layers it USES.
using Layers = std::map<std::string, std::set<std::string>>;

// Reads the calls of lanze_layer() out of CMakeLists.txt.
Layers parse_layers(const Source& cmake);
// Reads the rows "| `core` | base | yes | ..." of ARCHITECTURE.md.
Layers parse_layer_table(const Source& architecture);

bool is_pure(std::string_view layer);

// Includes of a layer that is not used; a pure layer that uses one that is not; a test's fixture in
// what is no test.
Findings check_includes(const std::vector<Source>& tree, const Layers& layers);
// Library headers in a .h of a pure layer, or in a .h that another layer includes. Fixtures may.
Findings check_library_headers(const std::vector<Source>& tree);
// Folders of src/ without a lanze_layer(), or with another row in ARCHITECTURE.md.
Findings check_folders(const std::vector<Source>& tree, const Layers& layers, const Layers& table);

// A place where a pure layer may use what is banned, and why.
struct Exception {
    std::string path;
    std::string what;
    std::string reason;
};
const std::vector<Exception>& pure_exceptions();

// Sockets, files, threads, locks, clocks, environment and logs in pure layers; and exceptions that
// nothing uses any more.
Findings check_purity(const std::vector<Source>& tree, const std::vector<Exception>& exceptions);

}  // namespace lanze::tidy
