// Plots: curves, steps and bars over named places as inline SVG, and the HTML page around them; no
// script, nothing from outside, light and dark as the reader's system says.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanze::app {

enum class PlotShape : std::uint8_t { line, step, bars };

struct PlotSeries {
    std::string name;
    PlotShape shape = PlotShape::line;
    std::size_t colour = 0;      // of kPlotColours
    bool is_dashed = false;      // lines and steps
    std::vector<double> values;  // as many as the plot has labels; not a number: a gap
};

struct Plot {
    std::string title;        // also for screen readers
    std::string description;  // what a reader who does not see it has to know
    std::string x_title;
    std::string y_title;
    std::vector<std::string> labels;
    std::vector<PlotSeries> series;  // the first is drawn first
};

// Each has a contrast of at least 4.5 to the page (WCAG 2.2, 1.4.3).
struct PlotColour {
    const char* light;
    const char* dark;
};
inline constexpr PlotColour kPageColour{"#ffffff", "#14171a"};
inline constexpr PlotColour kTextColour{"#1c2126", "#e6e9ec"};
inline constexpr PlotColour kQuietColour{"#59636e", "#a0a9b3"};
inline constexpr std::array<PlotColour, 4> kPlotColours{{{"#3a6ea5", "#6fa8dc"},
                                                         {"#a8480b", "#f0a35e"},
                                                         {"#2b6e3f", "#7fcf95"},
                                                         {"#7a3d9c", "#d0a3ec"}}};

// `id` names the parts of the plot, and is its own on the page: letters and digits.
std::string svg_of(const Plot& plot, const std::string& id);

// Text as HTML shows it.
std::string html_text(std::string_view text);

// A whole page; `body` is HTML.
std::string html_page(std::string_view title, std::string_view body);

// At most `count_max` + 1 round numbers from 0 to `most` or a little beyond.
std::vector<double> axis_ticks(double most, int count_max);

}  // namespace lanze::app
