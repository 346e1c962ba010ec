// A report as text: a table to read, CSV for a spreadsheet, JSON for a program.
#pragma once

#include <cstdint>
#include <string>

#include "app/report_lines.h"

namespace lanze::app {

enum class ReportFormat : std::uint8_t { table, csv, json };

// Intervals in which nothing happened are left out of the table. Hidden cells are "–" there, empty
// in CSV and null in JSON, and marked as suppressed in both.
std::string report_text(const Report& report, ReportFormat format);

// "0:25", "12:05", "1:02:05".
std::string duration_text(Duration time);

}  // namespace lanze::app
