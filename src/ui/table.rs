//! Rows in columns, and times as people say them.

/// Rows with aligned columns, two spaces between them, the first row as a heading. Where that is wider
/// than the terminal, each row is a paragraph: its name, and a line for each of its cells.
pub fn table(rows: &[Vec<String>], terminal: Option<usize>) -> String {
    let text = aligned(rows);
    let fits = |columns| text.lines().all(|line| line.chars().count() <= columns);
    match (rows.split_first(), terminal) {
        (Some((heading, rows)), Some(columns)) if !fits(columns) => paragraphs(heading, rows),
        _ => text,
    }
}

fn paragraphs(heading: &[String], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        let mut cells = row.iter().zip(heading);
        if let Some((name, _)) = cells.next() {
            text.push_str(&format!("{name}\n"));
        }
        let cells = cells.filter(|(cell, _)| !cell.is_empty());
        let cells =
            cells.map(|(cell, heading)| vec![String::new(), heading.to_lowercase(), cell.clone()]);
        text.push_str(&aligned(&cells.collect::<Vec<_>>()));
    }
    text
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Seconds as a rough time: `40s`, `5m`, `3h`, `2d`.
pub fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{}s", seconds.max(0)),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = [
            row(&["A", "B", "CC"]),
            row(&["long", "é", "1"]),
            row(&["x", "", "2"]),
        ];
        let text = "A     B  CC\nlong  é  1\nx        2\n";
        assert_eq!(table(&rows, None), text);
        assert_eq!(table(&rows, Some(11)), text);
        let narrow = "long\n  b   é\n  cc  1\nx\n  cc  2\n";
        assert_eq!(table(&rows, Some(10)), narrow);
    }

    #[test]
    fn ages_are_rough() {
        for (seconds, text) in [
            (-5, "0s"),
            (59, "59s"),
            (60, "1m"),
            (7200, "2h"),
            (200_000, "2d"),
        ] {
            assert_eq!(age(seconds), text);
        }
    }
}
