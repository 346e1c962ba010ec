#include "app/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lanze::app {

namespace {

constexpr double kWidth = 880;
constexpr double kHeight = 330;
constexpr double kLeft = 58;
constexpr double kRight = 12;
constexpr double kTop = 40;
constexpr double kBottom = 48;
constexpr int kTicksMax = 6;
constexpr std::size_t kLabelsMax = 12;

std::string number(double value, int digits = 1) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    std::string result = text.data();
    if (result.find('.') != std::string::npos) {
        result.erase(result.find_last_not_of('0') + 1);
        if (result.back() == '.') {
            result.pop_back();
        }
    }
    return result == "-0" ? "0" : result;
}

// Where values and places lie in the picture.
struct Frame {
    double top_value = 1;
    std::size_t places = 1;

    double place_width() const {
        return (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(places, 1));
    }
    double left_of(std::size_t place) const {
        return kLeft + place_width() * static_cast<double>(place);
    }
    double y(double value) const {
        const double height = kHeight - kTop - kBottom;
        return kTop + height * (1 - std::clamp(value / top_value, 0.0, 1.0));
    }
};

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" +
           html_text(text) + "</text>\n";
}

std::string line_from(double x1, double y1, double x2, double y2, const char* kind) {
    return std::string("<line class=\"") + kind + "\" x1=\"" + number(x1) + "\" y1=\"" +
           number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>\n";
}

std::string axes(const Plot& plot, const Frame& frame, const std::vector<double>& ticks) {
    std::string svg;
    for (const double tick : ticks) {
        const double y = frame.y(tick);
        svg += line_from(kLeft, y, kWidth - kRight, y, tick == 0 ? "axis" : "grid");
        svg += text_at(kLeft - 8, y + 4, "end", number(tick, 6));
    }
    const std::size_t step =
        std::max<std::size_t>((plot.labels.size() + kLabelsMax - 1) / kLabelsMax, 1);
    for (std::size_t i = 0; i < plot.labels.size(); i += step) {
        const double x = frame.left_of(i);
        svg += line_from(x, kHeight - kBottom, x, kHeight - kBottom + 5, "axis");
        svg += text_at(x, kHeight - kBottom + 19, "middle", plot.labels[i]);
    }
    svg += text_at((kLeft + kWidth - kRight) / 2, kHeight - 8, "middle", plot.x_title);
    svg += "<text transform=\"translate(14 " + number((kTop + kHeight - kBottom) / 2) +
           ") rotate(-90)\" text-anchor=\"middle\">" + html_text(plot.y_title) + "</text>\n";
    return svg;
}

std::string colour_class(const PlotSeries& series, const char* kind) {
    return std::string(kind) + " c" + std::to_string(series.colour % kPlotColours.size()) +
           (series.is_dashed ? " dashed" : "");
}

std::string bars_of(const PlotSeries& series, const Frame& frame) {
    std::string svg = "<g class=\"" + colour_class(series, "fill") + "\">\n";
    const double width = frame.place_width();
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!(series.values[i] > 0)) {
            continue;
        }
        const double y = frame.y(series.values[i]);
        svg += "<rect x=\"" + number(frame.left_of(i) + width * 0.1) + "\" y=\"" + number(y) +
               "\" width=\"" + number(width * 0.8) + "\" height=\"" +
               number(kHeight - kBottom - y) + "\"/>\n";
    }
    return svg + "</g>\n";
}

// A curve goes through the middles of the places, a step is as wide as its place.
std::string path_of(const PlotSeries& series, const Frame& frame) {
    std::string path;
    bool is_down = false;  // the pen
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!std::isfinite(series.values[i])) {
            is_down = false;
            continue;
        }
        const bool is_step = series.shape == PlotShape::step;
        const double left = frame.left_of(i);
        const std::string y = number(frame.y(series.values[i]));
        path += is_down ? "L" : "M";
        path += number(is_step ? left : left + frame.place_width() / 2) + " " + y;
        path += is_step ? "L" + number(left + frame.place_width()) + " " + y : "";
        is_down = true;
    }
    return "<path class=\"" + colour_class(series, "stroke") + "\" d=\"" + path + "\"/>\n";
}

std::string legend(const Plot& plot) {
    std::string svg;
    double x = kLeft;
    for (const PlotSeries& series : plot.series) {
        if (series.shape == PlotShape::bars) {
            svg += "<g class=\"" + colour_class(series, "fill") + "\"><rect x=\"" + number(x) +
                   "\" y=\"9\" width=\"22\" height=\"12\"/></g>\n";
        } else {
            svg += "<path class=\"" + colour_class(series, "stroke") + "\" d=\"M" + number(x) +
                   " 15h22\"/>\n";
        }
        svg += text_at(x + 28, 19, "start", series.name);
        x += 52 + 7.2 * static_cast<double>(series.name.size());
    }
    return svg;
}

std::string tokens(bool is_dark) {
    const auto of = [&](const PlotColour& colour) { return is_dark ? colour.dark : colour.light; };
    std::string css = std::string("--page:") + of(kPageColour) + ";--text:" + of(kTextColour) +
                      ";--quiet:" + of(kQuietColour) + ";";
    for (std::size_t i = 0; i < kPlotColours.size(); ++i) {
        css += "--c" + std::to_string(i) + ":" + of(kPlotColours[i]) + ";";
    }
    return css + (is_dark ? "--line:#343b42;" : "--line:#d9dee3;");
}

std::string styles() {
    std::string css = ":root{color-scheme:light dark;" + tokens(false) +
                      "}\n@media (prefers-color-scheme:dark){:root{" + tokens(true) + "}}\n";
    css += R"(*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .25rem}
p{margin:.25rem 0 .75rem}.quiet{color:var(--quiet)}
figure{margin:.5rem 0 1rem}svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--quiet)}
.axis{stroke:var(--quiet)}.grid{stroke:var(--line)}
.stroke{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:5 4}
.fill{fill-opacity:.2;stroke-width:1.5}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{padding:.15rem .4rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600}th[scope=row],th:first-child,.words{text-align:left}
tr.conflict td,tr.conflict th{font-weight:600}
:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
@media print{body{max-width:none}}
)";
    // Bars are a tint with a full edge, so that curves stand out before them.
    for (std::size_t i = 0; i < kPlotColours.size(); ++i) {
        const std::string name = "c" + std::to_string(i);
        const std::string colour = ":var(--" + name + ")";
        css.append(".fill.").append(name).append("{fill").append(colour);
        css.append(";stroke").append(colour).append("}.stroke.").append(name);
        css.append("{stroke").append(colour).append("}\n");
    }
    return css;
}

}  // namespace

std::string html_text(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::vector<double> axis_ticks(double most, int count_max) {
    if (!(most > 0) || !std::isfinite(most)) {
        return {0, 1};
    }
    const double rough = most / count_max;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double round : {5.0, 2.0, 1.0}) {
        step = round * power >= rough * (1 - 1e-9) ? round * power : step;
    }
    std::vector<double> ticks{0};
    while (ticks.back() < most * (1 - 1e-9)) {
        ticks.push_back(step * static_cast<double>(ticks.size()));
    }
    return ticks;
}

std::string svg_of(const Plot& plot, const std::string& id) {
    double most = 0;
    for (const PlotSeries& series : plot.series) {
        for (const double value : series.values) {
            most = std::isfinite(value) ? std::max(most, value) : most;
        }
    }
    const std::vector<double> ticks = axis_ticks(most, kTicksMax);
    const Frame frame{ticks.back(), plot.labels.size()};
    std::string svg = "<svg viewBox=\"0 0 " + number(kWidth) + " " + number(kHeight) +
                      "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id + "-text\">\n" +
                      "<title id=\"" + id + "-title\">" + html_text(plot.title) + "</title>\n" +
                      "<desc id=\"" + id + "-text\">" + html_text(plot.description) + "</desc>\n" +
                      axes(plot, frame, ticks);
    for (const PlotSeries& series : plot.series) {
        svg += series.shape == PlotShape::bars ? bars_of(series, frame) : path_of(series, frame);
    }
    return svg + legend(plot) + "</svg>\n";
}

std::string html_page(std::string_view title, std::string_view body) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>" +
           html_text(title) + "</title>\n<style>\n" + styles() + "</style>\n</head>\n<body>\n" +
           std::string(body) + "</body>\n</html>\n";
}

}  // namespace lanze::app
