//! Tests of what is no public behaviour by itself, on clocks that the tests move.

mod clock;
mod driver;
mod manual_clock;
mod seam;
mod turns;
