"""English words that are never, or seldom, meant as a molecule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...tools.contract import ToolRegistry

#: Function words and words of asking: never a molecule, whatever a table of names says.
STOP = frozenset(
    """
a about above absorb absorbed absorption according accurate acceptable across actually add after
again against ago all almost along also always am amount amounts an analysis and another answer any
anyone anything apart appear apply approximate approximately are around arrangement as ask at
atmospheric atom atoms available average away back balance balanced balancing barrier base based
basic basics be because become becomes been before begin behind being below best better between big
blood boil boiled boiling boils bond bonds book both bottle box brain break briefly bring brought
build burn burned burning but by calc calculate calculated calculation call called can cannot cas
case cell change changes charge check chemical chemically chemicals chemistry class close closed
cold colour color come comes common compare compared comparison complete completely completion
composed compound compounds compute concentration condition conditions consist constant constants
contain contained contains content contents conversion convert converted correct cost could count
counts course critical cross crosses current cut data day days decide decimals decompose define
definition degree degrees density depict depiction describe descriptor descriptors detect determine
diagram did difference different dilution display distribution do does doing done donor donors
double down draw drawing drug druglike drugs due during each easily easy either element elements
else empirical end energy energies enough enthalpy entropy equal equals equation equations equilibrium
equivalent estimate evaluate even ever every everything exact exactly exist expect experiment explain
express expressed factor fail false far fast feature features few figure file filter filters find
fine first fit flash follow following follows for form formation formula formulas found four free
freeze freezes freezing frequency from full function functional fusion gas gases general generate get
gets give given gives giving go going good gram grams graph great greater group groups had half
happens hard has have having he heat heats heavier heaviest heavy hello help her here hi high higher
highest him his hit hits hold home hot hour how however human hydrate i idea identifier identify if
image in include included includes index info information inside instead interested into involve is
isomer isomers isotope isotopes isotopic it its job just keep key kind kinds know known lab laboratory
large larger largest last later law least left lend length less let letter level life light
lighter like likely limit limiting line liquid list little live ln load log logp long longer look
looks lot low lower lowest made main make makes making many mass masses mass-spec material matter
maximum may me mean means measure measured melt melting melts merit might minimum mix mixture model
molar molarity mole molecular molecule molecules moles monoisotopic more most move much multiply must
my name named names natural near nearest necessary need needed needs negative neither never new next
no nobody non none nor normal normally not note nothing now number numbers of off often oh ok okay old
on once one ones only onto open optical or oral order organic original other our out over own oxidation
page pain pains paper part partial particular pass passes past pattern peak peaks people per percent
perfect permeability permeable person phase physical picture place plan plane please plot plus point
points polar polarity poor position possible potential power predict predicted present pressure
pressures print probably problem produce produced produces product products profile properties
property prove provide pure purpose put quantity quantities quantum question quick quickly quite range
rate rather ratio raw reach react reactant reactants reaction reactions reacts read real really reason
reference regard related relation relative remain report represent representation required result
results return right ring rings room root rotatable round rule rules run safe said same sample save say
scale scientific score scores second see seem seems sell send sentence set several shall shape she
short should show shows sign significant similar similarity simple since single situation size sketch
small smaller smallest smart smell so sold solid solubility soluble solution solve solvent some someone
something sometimes soon sort sound source space special species specific specify spectrum speed spell
spelled spend square stability stable stand standard start state states stay stereo still stoichiometry
stop store strength string strong structural structure structures student study stuff subject
substance substances substructure such suggest suitable sum summary supply support suppose sure surface
symbol synonym synonyms synthesis synthesize system table take taken takes talk task taste tell
temperature temperatures term test than thank thanks that the their them then theoretical there
therefore thermal these they thing things think third this those though three through time times title
to today together toilet told tomorrow too took top topological total toward town toxic traits triple
true try turn twice two type types typical under undergo understand unit units unknown unsaturation
until up upon us use used useful user uses using usual usually value values vapor vapour vaporization
various verify versus very via view violate violates violation violations visible volume vs wait want
wants was wash waste watch wavelength way ways we weak week weigh weighs weight weights well were what
whatever when where whether which while who whole whom whose why wide will wish with within without
word words work world worth would write wrong yes yesterday yet yield yielded yields you your zero
acceptor acceptors accessible activity alike alone boils bp mp mw tpsa qed hbd hba inchi inchikey
iupac smiles fsp3 clogp xlogp cid fw mr ro5 lipinski veber ghose brenk sa synthetic synthesizability
weather sky sun moon love meaning president capital city country song poem story joke cat dog
chloride-free aromatic aliphatic hydrogen-bond heteroatom heteroatoms heavy-atom chiral
avogadro boltzmann planck faraday rydberg gravity speed-of-light bohr electron proton neutron
room-temperature stp ntp ambient ring-count candidate drug-like drug-likeness bioavailable permeate
penetrate penetrates crossing plasma gut intestinal gastrointestinal passive absorbed orally alert
alerts egg yolk white ketone ketones aldehyde aldehydes alcohol alcohols ester esters ether ethers
amine amines amide amides acid acids carboxylic nitro nitrile nitriles halide halides thiol thiols
phenols carbonyl carbonyls hydroxyl hydroxy alkene alkenes alkyne alkynes epoxide epoxides sulfonamide
isocyanate anhydride lactone lactam imine enol acetal hemiacetal peroxide azide azo hydrazone
oxime urethane carbamate sulfone sulfoxide sulfide disulfide phosphate boronic moiety
colorless green ideas sleep furiously
""".split()
)

#: Abbreviations that only look like formulas or SMILES; never a molecule.
ACRONYMS = frozenset(
    """chn chns chno ihd cns hia gi bbb psa hbd hba dbe nmr ir uv vis dft homo lumo mof ph pka hrms
    ms esi lc gc hplc tlc ld50 msds sds cid inn who fda nist codata hoc poc poi bcs pbs ic50 ec50
    cgs nvt npt scf ci odp gwp tlv idlh lfl ufl lel uel stel nfpa zc kow""".split()
)

#: Words everyday enough to be no molecule, though some table has them as a name.
EVERYDAY = frozenset(
    """prefer limits correspond corresponds limit allow choose carbons hydrogens nitrogens oxygens
    prospect target captain impact focus advance success victory
    accelerate access achieve adhere advantage age alleviate arg asset avatar band beam
    benchmark block bore bot brace buggy buzz caps carrier cascade challenge chess chi choice
    chrome citation classic clobber cobra command commit confirm control coord counter crest
    crystal cube cursor cycle dash dead def deg delete den detail dimension dispatch doc drive
    dual duration edge emotion enhance ensure excel expand factors fall fan fatal flux formal
    format framed fulfill goal halt harness hawk horse hydrated hyphen imp ind inf ins iso
    isotonic junk label lap leader len lift lin lion logic looser lost manage match matrix
    merge met metric mimic modal moment momentum monitor msg neq nine noise omega omni optimal
    optimizer optimum option pack para param pink pipes pivot polygon portal prefix primal pro
    probe progress prolate prompt prone protect pseudo radio ramp ran ref refresh refusal
    region release rotate runner screen select selective senior serial sheets shield silence
    snap spectra star steam strike suffix suspend sweep tag tan taps tau tester tips ton torch
    transit tri trial triangle trim val vanilla vector voltage whitening yellow zone ignite rain snow
    win won race blue red green black cloud wind storm""".split()
)

#: Words of everyday English that are also compounds: molecules only after "of", "for", "does" …
SOFT = frozenset(
    "lead can tin base salt silver gold iron diamond sand glass chalk oil alum".split()
)

#: Parts of molecules that are compounds too: after "a", "any", "contain" … the part is meant.
PARTS = frozenset(
    """phenol pyridine pyrrole furan imidazole indole thiophene allene acetal ketal thiazole oxazole
    pyrazole pyrimidine piperidine piperazine morpholine quinoline tetrazole triazole benzene
    naphthalene hydroperoxide hydrazine urea guanidine water octanol hydrate""".split()
)

#: Words after which a molecule is expected.
SLOT_WORDS = frozenset("of for about regarding does is has contains molecule compound to".split())

#: Words that a way of asking may hold and that are compounds all the same.
_SUBSTANCES = frozenset(
    """water ozone air ammonia sugar steam ice carbon boron silicon argon neon krypton xenon radon
    iron tin lead gold silver copper zinc nickel cobalt mercury sulfur phosphorus""".split()
)
_CHEMICAL_END = re.compile(r"(?:ine|ane|ene|yne|ol|one|ide|ate|ose|ium|gen)$")


def frame_words(registry: ToolRegistry) -> frozenset[str]:
    """The words by which the tools are asked for, less those that may be compounds.

    Some tables list everyday words as trade names ("prefer", "ignite"); what the worked
    examples use in a sentence is meant as a word.
    """
    words: set[str] = set()
    for spec in registry:
        frames = spec.frames()
        texts = [t for f in (*frames.frames, *frames.negatives) for t in f.ask]
        texts += [w for values in frames.choices.values() for ways in values.values() for w in ways]
        for text in texts:
            words.update(re.findall(r"[a-z]{3,}", re.sub(r"\{[a-z_0-9]+\}", " ", text.lower())))
    return frozenset(w for w in words - _SUBSTANCES - PARTS if not _CHEMICAL_END.search(w))
