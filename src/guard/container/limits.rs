//! No container of a session gets more than the session: what is missing or above is set.

use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::Change;
use crate::model::Limits;
use std::collections::BTreeMap;

type Object = BTreeMap<String, Value>;

/// Microseconds, as the kernel has it where nothing is said.
const DEFAULT_PERIOD: i64 = 100_000;

/// The kernel takes no smaller one: of the default period that is 0.01 cores, the least limit there is.
const LEAST_QUOTA: i64 = 1000;

struct Limited<'a> {
    object: &'a mut Object,
    prefix: &'a str,
    changes: &'a mut Vec<Change>,
}

/// Bound the fields of `object`, at `prefix` in the body. `missing` says whether what is not there is
/// set, too: in an update it stays as it was.
pub(super) fn settle(
    object: &mut Object,
    prefix: &str,
    limits: &Limits,
    missing: bool,
    changes: &mut Vec<Change>,
) {
    let memory = limits.memory.bytes().cast_signed();
    let mut limited = Limited {
        object,
        prefix,
        changes,
    };
    if !missing {
        limited.unsaid(&["Memory", "NanoCpus", "CpuQuota", "CpuPeriod", "MemorySwap"]);
    }
    limited.bound("Memory", memory, missing);
    limited.bound("PidsLimit", limits.pids.count(), missing);
    // unlimited swap would be the host's; 0 is the engine's default of as much again as memory
    limited.bound_swap(memory.saturating_mul(2));
    limited.bound_cpus(limits.cpus.nano(), missing);
}

/// The classic builder's `memory`, `memswap`, `cpuperiod` and `cpuquota`, in this order.
pub(crate) fn build(asked: [Option<i64>; 4], limits: &Limits) -> ([Option<i64>; 4], Vec<Change>) {
    let names = ["Memory", "MemorySwap", "CpuPeriod", "CpuQuota"];
    let given = names.into_iter().zip(asked);
    let mut object: Object = given
        .filter_map(|(name, value)| Some((name.to_owned(), Value::Int(value?))))
        .collect();
    // a build has no NanoCpus: no quota is one without bound
    let quota = object
        .entry("CpuQuota".to_owned())
        .or_insert(Value::Int(-1));
    if quota.is_zero() {
        *quota = Value::Int(-1);
    }
    let mut changes = Vec::new();
    settle(&mut object, "build ", limits, true, &mut changes);
    changes.retain(|change| change.field != "build PidsLimit");
    let set = names.map(|name| object.get(name).and_then(Value::as_int));
    (set, changes)
}

impl Limited<'_> {
    fn get(&self, name: &str) -> Option<i64> {
        self.object.get(name).and_then(Value::as_int)
    }

    fn set(&mut self, name: &str, value: i64) {
        self.object.insert(name.to_owned(), Value::Int(value));
        self.changed(name);
    }

    fn changed(&mut self, name: &str) {
        let field = format!("{}{name}", self.prefix);
        let rule = rule::LIMIT;
        self.changes.push(Change { field, rule });
    }

    /// For the engine 0 and less is no limit.
    fn bound(&mut self, name: &str, most: i64, missing: bool) {
        let fits = match self.get(name) {
            None => !missing,
            Some(asked) => (1..=most).contains(&asked),
        };
        if !fits {
            self.set(name, most);
        }
    }

    /// In an update 0 is what the client has nothing to say of, but for `PidsLimit` (moby
    /// `Container.UpdateContainer`).
    fn unsaid(&mut self, names: &[&str]) {
        for name in names {
            if self.get(name) == Some(0) {
                self.object.remove(*name);
            }
        }
    }

    fn bound_swap(&mut self, most: i64) {
        if self
            .get("MemorySwap")
            .is_some_and(|asked| asked < 0 || asked > most)
        {
            self.set("MemorySwap", most);
        }
    }

    /// `NanoCpus`, or `CpuQuota` of each `CpuPeriod`, which the engine does not take together.
    fn bound_cpus(&mut self, most: i64, missing: bool) {
        let quota = self.get("CpuQuota").unwrap_or(0);
        let period = self.get("CpuPeriod").unwrap_or(0);
        if quota == 0 && (missing || period == 0) {
            // a period alone limits nothing, and would be refused beside NanoCpus
            if self
                .object
                .remove("CpuPeriod")
                .is_some_and(|value| !value.is_zero())
            {
                self.changed("CpuPeriod");
            }
            self.object.remove("CpuQuota");
            return self.bound("NanoCpus", most, missing);
        }
        // an update of one would count with the other as it is: both are always said
        let period = if period == 0 { DEFAULT_PERIOD } else { period };
        let of = |period: i64| {
            let allowed = i128::from(most) * i128::from(period) / 1_000_000_000;
            i64::try_from(allowed).unwrap_or(i64::MAX)
        };
        // of a short period less than the least quota may be allowed: then all of the usual one
        let (period, quota) = if of(period) < LEAST_QUOTA {
            (DEFAULT_PERIOD, 0)
        } else {
            (period, quota)
        };
        let allowed = of(period);
        if self.get("CpuPeriod") != Some(period) {
            self.set("CpuPeriod", period);
        }
        if !(1..=allowed).contains(&quota) {
            self.set("CpuQuota", allowed);
        }
    }
}
