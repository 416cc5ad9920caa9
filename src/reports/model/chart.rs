//! A drawing of one row of numbers: bars that a page shows as SVG, beside a table with the same numbers. Pure.

/// Size of the drawing, in its own units.
pub const WIDTH: i64 = 640;
pub const HEIGHT: i64 = 200;
/// Under the bars stand the days, above them the numbers.
const FOOT: i64 = 26;
const HEAD: i64 = 22;

/// One bar, with its number above it and its period under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub middle: i64,
    pub label_y: i64,
    pub value: i64,
    pub label: String,
}

/// The bars of a row, as high as the largest allows.
pub fn bars(row: &[(String, i64)]) -> Vec<Bar> {
    let most = row.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let slot = WIDTH / i64::try_from(row.len().max(1)).unwrap_or(1);
    let room = HEIGHT - FOOT - HEAD;
    row.iter()
        .enumerate()
        .map(|(at, (label, value))| {
            let height = room * (*value).max(0) / most;
            let x = slot * i64::try_from(at).unwrap_or(0);
            let y = HEIGHT - FOOT - height;
            Bar {
                x: x + slot / 8,
                y,
                width: slot - slot / 4,
                height,
                middle: x + slot / 2,
                label_y: y - 6,
                value: *value,
                label: label.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_bar_fills_the_room_and_none_leaves_it() {
        let row = [("a".to_owned(), 0), ("b".to_owned(), 7), ("c".to_owned(), 14)];
        let drawn = bars(&row);
        assert_eq!(drawn[2].height, 2 * drawn[1].height);
        assert_eq!(drawn[0].height, 0);
        for bar in &drawn {
            assert!(bar.x >= 0 && bar.x + bar.width <= WIDTH && bar.label_y > 0 && bar.y + bar.height == HEIGHT - FOOT);
        }
        assert!(bars(&[]).is_empty());
    }
}
