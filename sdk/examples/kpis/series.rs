//! The response as series, one per function and currency.

use std::collections::{BTreeMap, BTreeSet};

use dintero::insight::{CheckoutKpi, KpiName};

/// The values of one function in one currency.
pub(crate) struct Series {
    /// `sum, NOK`
    pub(crate) name: String,
    /// The unit of the values: a currency, or transactions.
    pub(crate) unit: String,
    /// Digits after the decimal point: a sum is in the minor unit of its currency, a count is not.
    decimals: u32,
    /// By day, `YYYY-MM-DD`.
    pub(crate) values: BTreeMap<String, i64>,
}

impl Series {
    /// Missing values, and values that are not whole, are omitted from a table of money.
    pub(crate) fn of(kpis: &[CheckoutKpi]) -> Vec<Self> {
        let mut all = Vec::<Self>::new();
        for kpi in kpis {
            for value in &kpi.values {
                let (Some(number), Some(date)) =
                    (value.value.and_then(|v| v.as_i64()), &value.date)
                else {
                    continue;
                };
                let currency = value
                    .currency
                    .as_ref()
                    .map_or("all currencies", |c| c.as_str());
                let measure = kpi.kpi_name.as_ref().map_or("?", |name| name.as_str());
                let name = format!("{measure}, {currency}");
                let place = all.iter().position(|series| series.name == name);
                let place = place.unwrap_or_else(|| {
                    let (unit, decimals) = match kpi.kpi_name {
                        Some(KpiName::Count) => ("transactions", 0),
                        _ => (currency, decimals(currency)),
                    };
                    all.push(Self {
                        name,
                        unit: unit.to_owned(),
                        decimals,
                        values: BTreeMap::new(),
                    });
                    all.len() - 1
                });
                let day: String = date.as_str().chars().take(10).collect();
                all[place].values.insert(day, number);
            }
        }
        all
    }

    /// Formats a value.
    pub(crate) fn write(&self, value: i128) -> String {
        let sign = if value < 0 { "-" } else { "" };
        let unit = 10_u128.pow(self.decimals);
        let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
        let digits = whole.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        match self.decimals {
            0 => format!("{sign}{grouped}"),
            places => format!("{sign}{grouped}.{part:0width$}", width = places as usize),
        }
    }
}

fn decimals(currency: &str) -> u32 {
    match currency {
        "ISK" | "JPY" | "KRW" => 0,
        "BHD" | "KWD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// One line per day, one column per series.
pub(crate) fn table(all: &[Series]) -> String {
    let days: BTreeSet<&String> = all.iter().flat_map(|series| series.values.keys()).collect();
    let mut text = format!("{:<10}", "day");
    for series in all {
        text.push_str(&format!("  {:>16}", series.name));
    }
    for day in days {
        text.push_str(&format!("\n{day:<10}"));
        for series in all {
            let value = series
                .values
                .get(day)
                .map(|value| series.write((*value).into()));
            text.push_str(&format!("  {:>16}", value.unwrap_or_default()));
        }
    }
    text.push('\n');
    text
}
