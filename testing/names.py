"""A small store of compound names in memory, in place of the index on disk."""

from __future__ import annotations

from collections.abc import Iterable

COMMON = """
acetaldehyde|acetaminophen|acetic acid|acetone|acetonitrile|acetylene|adenine|adrenaline|alanine
|ammonia|aniline|anthracene|argon|ascorbic acid|aspirin|atropine|benzaldehyde|benzene|benzoic acid
|biphenyl|bromine|butane|1-butanol|caffeine|calcium carbonate|camphor|carbon dioxide
|carbon monoxide|carbon tetrachloride|chlorine|chlorobenzene|chloroform|cholesterol|cinnamaldehyde
|citric acid|cobalt|cocaine|copper|copper sulfate|cumene|cyclohexane|cyclohexanone|cyclohexene
|d-alanine|l-alanine|d-glucose|decane|dichloromethane|diethyl ether|dimethyl sulfoxide|dopamine
|n,n-dimethylformamide|dmso|ethane|ethanol|ethyl acetate|ethylbenzene|ethylene|ethylene glycol
|formaldehyde|formic acid|furan|gold|glucose|glycerol|glycine|helium|heptane|hexane|n-hexane
|hydrogen|hydrogen peroxide|hydrogen chloride|ibuprofen|imidazole|indole|iodine|iron|iron oxide
|isopropanol|lactic acid|lead|limonene|(r)-limonene|(s)-limonene|lithium|magnesium|mercury
|menthol|methane|methanol|methylamine|morphine|morpholine|naphthalene|naproxen|neon|nicotine
|nitric acid|nitric oxide|nitrobenzene|nitrogen|octane|oxalic acid|oxygen|ozone|paclitaxel
|paracetamol|pentane|phenol|potassium permanganate|propane|propanol|1-propanol|2-propanol|propylene
|pyridine|pyrrole|quinine|quinoline|salicylic acid|silver|silver nitrate|sodium|sodium chloride
|sodium hydroxide|styrene|sucrose|sulfur|sulfuric acid|tetrahydrofuran|thf|tert-butyl alcohol
|testosterone|theobromine|theophylline|thiophene|tin|tnt|toluene|2,4,6-trinitrotoluene
|triethylamine|urea|vanillin|vitamin c|water|o-xylene|p-xylene|xylene|zinc|warfarin|diazepam
|penicillin g|melatonin|serotonin|estradiol|acetamide|hydrazine|as|at|can|he|i|in|no|gas|mass|base
|butanone|ethylenediamine|piperidine|cyclopentane|trans-2-butene|alpha-pinene|beta-carotene
|phosgene|hydrogen sulfide|sulfur dioxide|ferric chloride|ethyl alcohol|salt|resveratrol
""".replace("\n", "").split("|")


class InMemoryNames:
    """Names in a set, case ignored; ``COMMON`` unless others are given."""

    def __init__(self, names: Iterable[str] = COMMON) -> None:
        self._names = {n.strip().casefold() for n in names if n.strip()}

    def contains(self, name: str) -> bool:
        """True if the name is in the set."""
        return name.casefold() in self._names
