//! Bar charts, one below the other, as SVG.

use std::fmt::Write as _;

use crate::series::Series;

const WIDTH: i64 = 860;
const HEIGHT: i64 = 300;
const LEFT: i64 = 120;
const RIGHT: i64 = 20;
const TOP: i64 = 46;
const BOTTOM: i64 = 56;
const TITLE: i64 = 44;
/// More labels than this would touch each other.
const MOST_LABELS: usize = 12;

/// A chart of every series under one title.
pub(crate) fn draw(title: &str, all: &[Series]) -> String {
    let height = TITLE + HEIGHT * all.len() as i64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#333\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    text(&mut svg, WIDTH / 2, 30, "middle", "font-size=\"20\"", title);
    for (index, series) in all.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<g transform=\"translate(0 {})\">",
            TITLE + HEIGHT * index as i64
        );
        panel(&mut svg, series);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, series: &Series) {
    let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    let values = || series.values.values().map(|&value| i128::from(value));
    let (lowest, highest) = (values().fold(0, i128::min), values().fold(0, i128::max));
    let step = step(((highest - lowest) / 4).max(1));
    let (from, to) = (
        lowest.div_euclid(step),
        (highest + step - 1).div_euclid(step).max(1),
    );
    // The only floats here are places on the paper.
    let scale = height as f64 / ((to - from) * step) as f64;
    let y = |value: i128| TOP + height - ((value - from * step) as f64 * scale).round() as i64;

    text(
        svg,
        LEFT,
        20,
        "start",
        "font-size=\"15\" font-weight=\"bold\"",
        &series.name,
    );
    for tick in from..=to {
        let value = tick * step;
        let place = y(value);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{place}\" x2=\"{}\" y2=\"{place}\" stroke=\"{}\"/>",
            LEFT + width,
            if value == 0 { "#333" } else { "#ddd" },
        );
        text(svg, LEFT - 8, place + 4, "end", "", &series.write(value));
    }

    let count = series.values.len() as i64;
    let every = series.values.len().div_ceil(MOST_LABELS);
    for (index, (day, &value)) in series.values.iter().enumerate() {
        let slot = |index: i64| LEFT + width * index / count;
        let (left, right) = (slot(index as i64), slot(index as i64 + 1));
        let gap = (right - left) / 8;
        let value = i128::from(value);
        let (top, bottom) = (y(value.max(0)), y(value.min(0)));
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"#2b6cb0\"><title>{}: {}</title></rect>",
            left + gap,
            (right - left - 2 * gap).max(1),
            bottom - top,
            escaped(day),
            escaped(&series.write(value)),
        );
        if index % every == 0 {
            // Without the year, which is below.
            let label = day.get(5..).unwrap_or(day);
            text(
                svg,
                (left + right) / 2,
                TOP + height + 18,
                "middle",
                "",
                label,
            );
        }
    }
    let days: Vec<&String> = series.values.keys().collect();
    if let [first, .., last] | [first @ last] = days[..] {
        let caption = format!("day ({first} to {last})");
        text(
            svg,
            LEFT + width / 2,
            TOP + height + 42,
            "middle",
            "",
            &caption,
        );
    }
    let middle = TOP + height / 2;
    let turned = format!("transform=\"rotate(-90 18 {middle})\"");
    text(svg, 18, middle, "middle", &turned, &series.unit);
}

/// The next of 1, 2, 5, 10, 20, 50, …
fn step(least: i128) -> i128 {
    let mut unit = 1;
    loop {
        let fitting = [1, 2, 5]
            .map(|factor| unit * factor)
            .into_iter()
            .find(|step| *step >= least);
        if let Some(step) = fitting {
            return step;
        }
        unit *= 10;
    }
}

fn text(svg: &mut String, x: i64, y: i64, anchor: &str, attributes: &str, content: &str) {
    let content = escaped(content);
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" {attributes}>{content}</text>"
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
