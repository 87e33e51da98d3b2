//! Plots as plain SVG, both axes by powers of ten.

use crate::compare::CONTENDERS;

const COLOURS: [&str; 5] = ["#555555", "#2b7bba", "#d1495b", "#66a182", "#edae49"];
const FONT: &str = "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\"";

fn colour(contender: &str) -> &'static str {
    let at = CONTENDERS.iter().position(|known| *known == contender);
    COLOURS[at.unwrap_or_default()]
}

fn text(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {FONT}>{text}</text>\n")
}

fn line(from: (f64, f64), to: (f64, f64), colour: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!(
        "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>\n"
    )
}

fn document(width: f64, height: f64, title: &str, body: &str) -> String {
    format!(
        "<!-- Written by tests/speed/run.sh. Do not edit. -->\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n{}{body}</svg>\n",
        text(16.0, 22.0, "start", title),
    )
}

/// A power of ten, or what is between two of them, as people write it.
fn number(value: f64) -> String {
    match value {
        value if value >= 1_000.0 => format!("{},000", (value / 1_000.0).round()),
        value if value >= 1.0 => format!("{}", value.round()),
        value => format!("{value}"),
    }
}

/// Groups of horizontal bars of ratios.
pub(crate) fn bars(title: &str, groups: &[(&str, Vec<(&str, f64)>)]) -> String {
    let (left, width, bar) = (290.0, 720.0, 14.0);
    let most =
        groups.iter().flat_map(|(_, bars)| bars).map(|(_, ratio)| *ratio).fold(2.0, f64::max);
    let least = 0.5;
    let scale = |ratio: f64| {
        let share = (ratio.max(least) / least).log10() / (most / least).log10();
        left + share * (width - left - 60.0)
    };
    let mut body = String::new();
    let mut y = 40.0;
    for (name, ratios) in groups {
        body += &text(left - 10.0, y + bar * ratios.len() as f64 / 2.0 + 4.0, "end", name);
        for (contender, ratio) in ratios {
            body += &format!(
                "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{}\" fill=\"{}\"/>\n",
                scale(*ratio) - left,
                bar - 2.0,
                colour(contender),
            );
            let told = format!("{contender} {ratio:.2} x");
            body += &text(scale(*ratio) + 4.0, y + bar - 3.5, "start", &told);
            y += bar;
        }
        y += 14.0;
    }
    body += &line((scale(1.0), 34.0), (scale(1.0), y - 8.0), "#999");
    document(width + 40.0, y + 6.0, title, &body)
}

/// A line for each contender, by powers of ten.
pub(crate) fn lines(title: &str, series: &[(&str, Vec<(f64, f64)>)]) -> String {
    let (width, height) = (640.0, 380.0);
    let (left, right, top, bottom) = (70.0, 110.0, 40.0, 40.0);
    let points = || series.iter().flat_map(|(_, points)| points);
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let least = points().map(of).fold(f64::INFINITY, f64::min).log10().floor();
        let most = points().map(of).fold(0.0, f64::max).log10().ceil();
        (least, most.max(least + 1.0))
    };
    let ((x0, x1), (y0, y1)) = (bounds(|it| it.0), bounds(|it| it.1));
    let x = |value: f64| left + (value.log10() - x0) / (x1 - x0) * (width - left - right);
    let y =
        |value: f64| height - bottom - (value.log10() - y0) / (y1 - y0) * (height - top - bottom);
    let powers = |from: f64, to: f64| (from as i32..=to as i32).map(|power| 10f64.powi(power));
    let mut body = String::new();
    for value in powers(x0, x1) {
        body += &line((x(value), top), (x(value), height - bottom), "#ddd");
        body += &text(x(value), height - bottom + 18.0, "middle", &number(value));
    }
    for value in powers(y0, y1) {
        body += &line((left, y(value)), (width - right, y(value)), "#ddd");
        body += &text(left - 8.0, y(value) + 4.0, "end", &number(value));
    }
    let mut names = Vec::new();
    for (contender, points) in series.iter().filter(|(_, points)| !points.is_empty()) {
        let path: Vec<_> =
            points.iter().map(|(at, value)| format!("{:.1},{:.1}", x(*at), y(*value))).collect();
        body += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n",
            path.join(" "),
            colour(contender),
        );
        for (at, value) in points {
            body += &format!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{}\"/>\n",
                x(*at),
                y(*value),
                colour(contender),
            );
        }
        names.push(*contender);
    }
    for (at, contender) in names.into_iter().enumerate() {
        let row = top + 16.0 * at as f64;
        let from = width - right + 14.0;
        body += &line((from, row), (from + 18.0, row), colour(contender));
        body += &text(from + 24.0, row + 4.0, "start", contender);
    }
    document(width, height, title, &body)
}
