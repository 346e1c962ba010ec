#include "app/plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lanze::app {
namespace {

// Relative luminance and contrast of WCAG 2.2.
double luminance(const std::string& colour) {
    double sum = 0;
    const double weights[] = {0.2126, 0.7152, 0.0722};
    for (std::size_t i = 0; i < 3; ++i) {
        const double value = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
        sum += weights[i] *
               (value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double contrast(const std::string& a, const std::string& b) {
    const double light = std::max(luminance(a), luminance(b));
    const double dark = std::min(luminance(a), luminance(b));
    return (light + 0.05) / (dark + 0.05);
}

TEST(Plot, has_colours_that_can_be_told_from_the_page) {
    std::vector<PlotColour> colours(kPlotColours.begin(), kPlotColours.end());
    colours.push_back(kTextColour);
    colours.push_back(kQuietColour);
    for (const PlotColour& colour : colours) {
        EXPECT_GE(contrast(colour.light, kPageColour.light), 4.5) << colour.light;
        EXPECT_GE(contrast(colour.dark, kPageColour.dark), 4.5) << colour.dark;
    }
}

TEST(Plot, rounds_its_axis) {
    EXPECT_EQ(axis_ticks(23, 6), (std::vector<double>{0, 5, 10, 15, 20, 25}));
    EXPECT_EQ(axis_ticks(5, 5), (std::vector<double>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(axis_ticks(0, 6), (std::vector<double>{0, 1}));
    EXPECT_EQ(axis_ticks(std::numeric_limits<double>::quiet_NaN(), 6), (std::vector<double>{0, 1}));
    for (double most = 1e-6; most < 1e9; most *= 1.7) {
        const auto ticks = axis_ticks(most, 6);
        EXPECT_LE(ticks.size(), 7U) << most;
        EXPECT_GE(ticks.back(), most * (1 - 1e-6)) << most;
        EXPECT_LT(ticks[ticks.size() - 2], most) << most;
    }
}

Plot small() {
    Plot plot;
    plot.title = "Agents & <load>";
    plot.description = "by interval";
    plot.labels = {"08:00", "08:30", "09:00"};
    plot.series = {{"agents", PlotShape::bars, 0, false, {2, 0, 4}},
                   {"load", PlotShape::line, 1, true, {1, std::nan(""), 3}},
                   {"paid", PlotShape::step, 2, false, {3, 3, 5}}};
    return plot;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

TEST(Plot, draws_each_series) {
    const std::string svg = svg_of(small(), "p");
    EXPECT_EQ(count(svg, "<rect"), 3U);  // two bars that are not 0, and the legend's
    EXPECT_EQ(count(svg, "<path"), 4U);  // a curve and a step, and the legend's
    EXPECT_NE(svg.find("class=\"stroke c1 dashed\""), std::string::npos);
    EXPECT_NE(svg.find(">09:00<"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(Plot, tells_who_cannot_see_it) {
    const std::string svg = svg_of(small(), "p");
    EXPECT_NE(svg.find("role=\"img\" aria-labelledby=\"p-title p-text\""), std::string::npos);
    EXPECT_NE(svg.find("<title id=\"p-title\">Agents &amp; &lt;load&gt;</title>"),
              std::string::npos);
    EXPECT_NE(svg.find("<desc id=\"p-text\">by interval</desc>"), std::string::npos);
}

TEST(Plot, thins_out_many_labels) {
    Plot plot = small();
    plot.labels.assign(96, "08:00");
    plot.series.resize(1);
    plot.series[0].values.assign(96, 1);
    EXPECT_LE(count(svg_of(plot, "p"), ">08:00<"), 12U);
}

TEST(Plot, stands_on_a_page_of_its_own) {
    const std::string page = html_page("a < b", svg_of(small(), "p"));
    EXPECT_NE(page.find("<title>a &lt; b</title>"), std::string::npos);
    EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
    for (const char* outside : {"http:", "https:", "src=", "href=", "@import", "url(", "<script"}) {
        EXPECT_EQ(page.find(outside), std::string::npos) << outside;
    }
}

}  // namespace
}  // namespace lanze::app
