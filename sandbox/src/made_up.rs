//! Made-up usage: plausible, different every day, and the same for the same seed.

use jiff::civil::{Date, Weekday};

use crate::{World, money::Pico};

/// A model, and what a token of it costs, in millionths of a millionth of a dollar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    pub(crate) input: Pico,
    pub(crate) cached: Pico,
    pub(crate) written: Pico,
    pub(crate) output: Pico,
}

/// What one project's key used of one model on one day. No kind of token is part of another.
#[derive(Debug, Clone)]
pub struct Item {
    /// Which project, from 0.
    pub project: usize,
    /// Which of its keys, from 0.
    pub key: usize,
    /// Which model, from 0.
    pub model: usize,
    /// Tokens that no cache had.
    pub input: u64,
    /// Tokens from a cache.
    pub cached: u64,
    /// Tokens into a cache.
    pub written: u64,
    /// Tokens that came back.
    pub output: u64,
    /// Requests.
    pub requests: u64,
    /// Whether they were done when there was room.
    pub batch: bool,
}

/// How many projects there are.
const PROJECTS: usize = 3;

/// What was used on a day: more on working days, more every week, and more again once restated.
pub(crate) fn items(world: &World, provider: &str, day: Date, models: usize) -> Vec<Item> {
    if !world.has(day) {
        return Vec::new();
    }
    let mut items = Vec::new();
    for project in 0..PROJECTS {
        for model in 0..models {
            let mut dice = Dice::of(world, provider, day, project * 16 + model);
            // Not every project uses every model every day.
            if dice.up_to(4) == 0 {
                continue;
            }
            items.push(item(world, day, (project, model), &mut dice));
        }
    }
    items
}

fn item(world: &World, day: Date, (project, model): (usize, usize), dice: &mut Dice) -> Item {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let weeks = (day - world.days.start).get_days().max(0).unsigned_abs() / 7;
    let restated = if world.faults.is_restated(day) { 11 } else { 10 };
    let scale = |tokens: u64| {
        let busy = if weekend { tokens / 4 } else { tokens };
        busy * (20 + u64::from(weeks)) / 20 * restated / 10
    };
    let input = scale(200_000 + dice.up_to(3_000_000));
    Item {
        project,
        key: usize::try_from(dice.up_to(2)).unwrap_or_default(),
        model,
        input,
        cached: input / (2 + dice.up_to(4)),
        written: input / (10 + dice.up_to(10)),
        output: scale(50_000 + dice.up_to(600_000)),
        requests: scale(100 + dice.up_to(4_000)),
        batch: dice.up_to(8) == 0,
    }
}

/// Chance without chance: splitmix64, from what is asked for.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(world: &World, provider: &str, day: Date, what: usize) -> Self {
        let days = (day - Date::constant(1970, 1, 1)).get_days().unsigned_abs();
        let text = provider.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        let mut dice = Self(world.seed ^ text ^ (u64::from(days) << 20) ^ ((what as u64) << 44));
        dice.roll();
        dice
    }

    /// A number from 0 to `most`, not included.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.roll() % most
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
