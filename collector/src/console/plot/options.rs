//! A plot as ECharts wants it told: of its many options those that these plots need, typed.
//!
//! Colours are names of tokens of the sheet (`--plot-1`); the script looks up what they are in the reader's theme.

use serde::Serialize;

use super::{Line, Plot};

/// A token of the sheet.
type Token = &'static str;

const TEXT: Token = "--quiet";
const RULE: Token = "--line";
const ZERO: Token = "--edge";
const GROUND: Token = "--raised";
const INK: Token = "--text";

/// The size of the console's small text, in px, and what one of its letters takes on average.
const SMALL: u32 = 13;
const LETTER: usize = 8;

/// How high the plot is between its edges, and how far names are apart, in px.
const HEIGHT: f64 = 212.0;
const APART: f64 = 18.0;

/// So few points are marked each; more would be a string of beads.
const MARKED: usize = 16;

/// What tells lines apart: also those who see no colours, by the mark at the end.
const LOOKS: [(Token, &str); 3] = [("--plot-1", "circle"), ("--plot-2", "triangle"), ("--plot-3", "rect")];

#[derive(Serialize)]
struct Told {
    options: Options,
    tips: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    animation: bool,
    grid: Grid,
    tooltip: Tooltip,
    x_axis: XAxis,
    y_axis: YAxis,
    series: Vec<Series>,
}

#[derive(Serialize)]
struct Grid {
    top: usize,
    right: usize,
    bottom: usize,
    left: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tooltip {
    trigger: &'static str,
    render_mode: &'static str,
    confine: bool,
    background_color: Token,
    border_color: Token,
    text_style: Text,
    axis_pointer: Pointer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    line_style: Stroke,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    color: Token,
    font_size: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct XAxis {
    r#type: &'static str,
    boundary_gap: bool,
    data: Vec<String>,
    axis_line: Ruled,
    axis_tick: Shown,
    axis_label: AxisLabel,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct YAxis {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    min_interval: u32,
    split_number: u32,
    split_line: Ruled,
    axis_label: AxisLabel,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AxisLabel {
    color: Token,
    font_size: u32,
    margin: u32,
    hide_overlap: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ruled {
    on_zero: bool,
    line_style: Stroke,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stroke {
    color: Token,
    width: f64,
    r#type: &'static str,
}

#[derive(Serialize)]
struct Shown {
    show: bool,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Series {
    r#type: &'static str,
    name: &'static str,
    data: Vec<Option<f64>>,
    silent: bool,
    show_symbol: bool,
    symbol: &'static str,
    symbol_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_style: Option<Fill>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_style: Option<Stroke>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area_style: Option<Fill>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_strategy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_label: Option<EndLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark_line: Option<MarkLine>,
}

#[derive(Serialize)]
struct Fill {
    color: Token,
    opacity: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndLabel {
    show: bool,
    formatter: &'static str,
    color: Token,
    font_size: u32,
    distance: u32,
    offset: [f64; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MarkLine {
    silent: bool,
    symbol: &'static str,
    label: Shown,
    line_style: Stroke,
    data: [At; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct At {
    y_axis: f64,
}

/// The plot for the script, as JSON.
pub fn json(plot: &Plot<'_>) -> String {
    serde_json::to_string(&Told { options: options(plot), tips: plot.tips() }).unwrap_or_default()
}

fn options(plot: &Plot<'_>) -> Options {
    let longest = plot.lines.iter().map(|line| line.name.len()).max().unwrap_or_default();
    let label = || AxisLabel { color: TEXT, font_size: SMALL, margin: 12, hide_overlap: true };
    let rule = |color, width| Ruled { on_zero: false, line_style: Stroke { color, width, r#type: "solid" } };
    Options {
        // What moves by itself is not looked at calmly, and some must not see it.
        animation: false,
        grid: Grid { top: 16, right: 24 + longest * LETTER, bottom: 32, left: 48 },
        tooltip: Tooltip {
            trigger: "axis",
            render_mode: "richText",
            confine: true,
            background_color: GROUND,
            border_color: ZERO,
            text_style: Text { color: INK, font_size: SMALL },
            axis_pointer: Pointer { line_style: Stroke { color: ZERO, width: 1.0, r#type: "solid" } },
        },
        x_axis: XAxis {
            r#type: "category",
            boundary_gap: false,
            data: plot.steps.iter().map(|step| step.label.clone()).collect(),
            axis_line: rule(RULE, 1.0),
            axis_tick: Shown { show: false },
            axis_label: label(),
        },
        y_axis: YAxis {
            r#type: "value",
            min: plot.range.map(|(least, _)| least),
            max: plot.range.map(|(_, most)| most),
            min_interval: 1,
            split_number: 4,
            split_line: rule(RULE, 1.0),
            axis_label: label(),
        },
        series: plot.lines.iter().flat_map(|line| series(plot, line, LOOKS[line.look % LOOKS.len()])).collect(),
    }
}

/// A line is up to four: the band it lies in, which is a width on top of the least, and what is over before what is not.
fn series(plot: &Plot<'_>, line: &Line, (color, symbol): (Token, &'static str)) -> Vec<Series> {
    let mut all = Vec::new();
    if !line.between.is_empty() {
        let of = |of: fn(&engine::score::Interval) -> f64| -> Vec<_> {
            line.between.iter().map(|one| one.as_ref().map(of)).collect()
        };
        let part = |data, area_style| Series {
            r#type: "line",
            data,
            silent: true,
            symbol: "none",
            line_style: Some(Stroke { color, width: 0.0, r#type: "solid" }),
            stack: Some("between"),
            // From below zero up to above it, too.
            stack_strategy: Some("all"),
            area_style,
            ..Series::default()
        };
        all.push(part(of(|it| it.low), None));
        all.push(part(of(|it| it.high - it.low), Some(Fill { color, opacity: 0.16 })));
    }
    let over = line.values.len().saturating_sub(usize::from(plot.open.is_some()));
    let has_gaps = line.values.iter().any(Option::is_none);
    let drawn = |data: Vec<Option<f64>>, style: &'static str| Series {
        r#type: "line",
        name: line.name,
        data,
        show_symbol: has_gaps || line.values.len() <= MARKED,
        symbol,
        symbol_size: 7,
        item_style: Some(Fill { color, opacity: 1.0 }),
        line_style: Some(Stroke { color, width: 2.0, r#type: style }),
        ..Series::default()
    };
    all.push(drawn(line.values[..over].to_vec(), "solid"));
    if plot.open.is_some() && over > 0 {
        let before = over - 1;
        let values = line.values.iter().enumerate().map(|(place, value)| value.filter(|_| place >= before));
        all.push(drawn(values.collect(), "dashed"));
    }
    if let Some(last) = all.last_mut() {
        let offset = [0.0, -raised(plot, line)];
        last.end_label = Some(EndLabel { show: true, formatter: "{a}", color, font_size: SMALL, distance: 8, offset });
        if plot.range.is_some_and(|(least, most)| least < 0.0 && most > 0.0) {
            last.mark_line = Some(MarkLine {
                silent: true,
                symbol: "none",
                label: Shown { show: false },
                line_style: Stroke { color: ZERO, width: 1.0, r#type: "solid" },
                data: [At { y_axis: 0.0 }],
            });
        }
    }
    all
}

/// By how much the name at the end of a line is raised, in px, so that it stands clear of those that end below it.
fn raised(plot: &Plot<'_>, line: &Line) -> f64 {
    let all = || plot.lines.iter().flat_map(|line| &line.values).flatten().copied();
    let (least, most) = plot.range.unwrap_or((0.0, all().fold(1.0, f64::max)));
    let ends = |line: &Line| line.values.iter().rev().find_map(|value| *value).unwrap_or(least);
    let height = |line: &Line| (ends(line) - least) / (most - least) * HEIGHT;
    let mut order: Vec<&Line> = plot.lines.iter().collect();
    // Of several that end at one place the first is the uppermost.
    order.reverse();
    order.sort_by(|one, other| ends(one).total_cmp(&ends(other)));
    let mut free = f64::MIN;
    for one in order {
        let at = height(one).max(free);
        if std::ptr::eq(one, line) {
            return at - height(one);
        }
        free = at + APART;
    }
    0.0
}
