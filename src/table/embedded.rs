//! The pattern tables that are built into the program. `tests` compares this list with the folder.

/// Path below `patterns/` and text, in the order in which rules are tried.
pub const FILES: &[(&str, &str)] = &[
    ("fragment.toml", include_str!("../../patterns/fragment.toml")),
    ("lexicon/numeral.toml", include_str!("../../patterns/lexicon/numeral.toml")),
    ("lexicon/unit.toml", include_str!("../../patterns/lexicon/unit.toml")),
    ("lexicon/bound.toml", include_str!("../../patterns/lexicon/bound.toml")),
    ("lexicon/word.toml", include_str!("../../patterns/lexicon/word.toml")),
    ("lexicon/country.toml", include_str!("../../patterns/lexicon/country.toml")),
    ("lexicon/region.toml", include_str!("../../patterns/lexicon/region.toml")),
    ("furniture.toml", include_str!("../../patterns/furniture.toml")),
    ("heading.toml", include_str!("../../patterns/heading.toml")),
    ("document.toml", include_str!("../../patterns/document.toml")),
    ("mention.toml", include_str!("../../patterns/mention.toml")),
    ("money.toml", include_str!("../../patterns/money.toml")),
    ("rate.toml", include_str!("../../patterns/rate.toml")),
    ("period.toml", include_str!("../../patterns/period.toml")),
    ("deadline.toml", include_str!("../../patterns/deadline.toml")),
    ("country.toml", include_str!("../../patterns/country.toml")),
    ("quota.toml", include_str!("../../patterns/quota.toml")),
    ("condition.toml", include_str!("../../patterns/condition.toml")),
    ("count.toml", include_str!("../../patterns/count.toml")),
    ("metric.toml", include_str!("../../patterns/metric.toml")),
    ("topic.toml", include_str!("../../patterns/topic.toml")),
    ("contact.toml", include_str!("../../patterns/contact.toml")),
    ("check.toml", include_str!("../../patterns/check.toml")),
    ("unclaimed.toml", include_str!("../../patterns/unclaimed.toml")),
];
