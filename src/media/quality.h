// Quality: an estimate of what a listener would say of a G.711 stream, from delay and loss.
#pragma once

#include "base/time.h"
#include "core/record.h"

namespace lanze::media {

// The rating R of ITU-T G.107 in the reduced form of Cole and Rosenbluth ("Voice over IP
// performance monitoring", ACM SIGCOMM CCR 31(2), 2001): R = 94.2 − Id − Ie, for G.711 and random
// loss. `one_way`: mouth to ear. `loss`: share of packets, 0..1, concealed by the receiver.
double rating(Duration one_way, double loss);

// G.107 Annex B: mean opinion score, 1..4.5.
double mean_opinion_score(double rating);

// Fills in mos_hundredths from the other fields; 0 when nothing was received. The one-way delay is
// taken as half the round trip plus a frame and a jitter buffer of twice the jitter, at least 20
// ms.
void estimate_mos(core::LegQuality& quality);

}  // namespace lanze::media
