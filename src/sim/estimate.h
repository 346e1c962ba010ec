// Estimates: a figure with how far chance may have moved it, from independent replications.
#pragma once

#include <vector>

namespace lanze::sim {

struct Estimate {
    double value = 0;
    double half_width = 0;  // of its confidence interval; not a number: it has none
};

// What one replication says of a share or a mean: sums of what is counted and of what it is counted
// over.
struct Part {
    double sum = 0;
    double of = 0;
};

// The ratio of the sums over all replications; its variance by the residuals (Cochran, Sampling
// Techniques, 1977, ch. 6), its quantile Student's. Nothing to count over gives zero. One
// replication says nothing of chance: the half-width is infinite, unless there is none.
Estimate ratio(const std::vector<Part>& parts, double confidence);

// The mean of one figure per replication.
Estimate mean(const std::vector<double>& values, double confidence);

// The value that Student's t with `degrees` of freedom does not exceed with probability `p`, to
// about 1e-9; 0.5 < p < 1, degrees >= 1.
double student_quantile(double p, int degrees);

}  // namespace lanze::sim
