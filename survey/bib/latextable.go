package bib

// accents maps a command to the combining mark that it puts on its argument.
var accents = map[string]string{
	"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "\"": "\u0308", "=": "\u0304", ".": "\u0307",
	"u": "\u0306", "v": "\u030c", "H": "\u030b", "r": "\u030a", "c": "\u0327", "k": "\u0328", "d": "\u0323",
	"b": "\u0331", "t": "\u0361", "U": "\u030e", "G": "\u030f", "textcommabelow": "\u0326",
	"acute": "\u0301", "grave": "\u0300", "hat": "\u0302", "tilde": "\u0303", "ddot": "\u0308", "bar": "\u0304",
	"dot": "\u0307", "breve": "\u0306", "check": "\u030c", "overline": "\u0305", "vec": "\u20d7", "mathring": "\u030a",
	"widetilde": "\u0303", "widehat": "\u0302",
}

// silent commands leave no text; an argument that follows stays.
var silent = map[string]bool{
	"em": true, "it": true, "bf": true, "sc": true, "rm": true, "sf": true, "tt": true, "sl": true, "up": true,
	"bfseries": true, "itshape": true, "scshape": true, "upshape": true, "slshape": true, "mdseries": true,
	"rmfamily": true, "sffamily": true, "ttfamily": true, "normalfont": true, "tiny": true, "small": true,
	"large": true, "Large": true, "normalsize": true, "displaystyle": true, "left": true, "right": true,
	"protect": true, "relax": true, "noopsort": true, "nocaseversion": true, "allowbreak": true, "linebreak": true,
	"-": true, "/": true, "!": true, "(": true, ")": true, "[": true, "]": true, "nolimits": true, "limits": true,
	"cyr": true, "selectlanguage": true, "unskip": true, "ignorespaces": true, "big": true, "Big": true, "bibcyr": true,
}

// symbols maps a command without argument to its text.
var symbols = map[string]string{
	" ": " ", "\n": " ", "\\": " ", ",": "\u2009", ":": "\u2005", ";": "\u2004", "quad": " ", "qquad": " ", "space": " ", "newline": " ", "par": " ",
	"thinspace": "\u2009", "nobreakspace": "\u00a0", "enspace": " ", "hyphen": "-", "slash": "/", "bibrangedash": "–", "textendash": "–",
	"textemdash": "—", "dash": "–", "nobreakdash": "", "adddot": ".", "addspace": " ", "addcolon": ":", "addcomma": ",", "isdot": "", "ndash": "–", "mdash": "—",
	"ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
	"i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "imath": "ı", "jmath": "ȷ", "ij": "ĳ", "IJ": "Ĳ",
	"textbackslash": `\`, "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}", "textasciitilde": "~", "textasciicircum": "^",
	"textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_", "textdollar": "$", "textquotedbl": "\"", "textquotesingle": "'",
	"textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "lq": "‘", "rq": "’", "grqq": "“", "glqq": "„", "glq": "‚", "grq": "‘",
	"flqq": "«", "frqq": "»", "guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "quotedblbase": "„", "quotesinglbase": "‚",
	"textexclamdown": "¡", "textquestiondown": "¿", "textsection": "§", "S": "§", "P": "¶", "textparagraph": "¶", "copyright": "©", "textcopyright": "©", "textregistered": "®",
	"texttrademark": "™", "pounds": "£", "textsterling": "£", "texteuro": "€", "euro": "€", "textyen": "¥", "textcent": "¢", "dag": "†", "ddag": "‡", "textdagger": "†",
	"ldots": "…", "dots": "…", "textellipsis": "…", "cdots": "⋯", "textbullet": "•", "bullet": "•", "textperiodcentered": "·", "cdot": "·", "textdegree": "°", "degree": "°",
	"textordfeminine": "ª", "textordmasculine": "º", "textmu": "µ", "textohm": "Ω", "textonehalf": "½", "textonequarter": "¼", "textthreequarters": "¾", "textpm": "±", "texttimes": "×",
	"TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e",
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
	"lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
	"times": "×", "pm": "±", "mp": "∓", "div": "÷", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "simeq": "≃", "equiv": "≡", "propto": "∝",
	"infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩", "emptyset": "∅",
	"to": "→", "rightarrow": "→", "textrightarrow": "→", "leftarrow": "←", "textleftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "uparrow": "↑", "downarrow": "↓", "mapsto": "↦",
	"langle": "⟨", "rangle": "⟩", "prime": "′", "circ": "∘", "ast": "∗", "star": "⋆", "oplus": "⊕", "otimes": "⊗", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨", "ell": "ℓ",
	"hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "angle": "∠", "perp": "⊥", "parallel": "∥", "mid": "∣", "ll": "≪", "gg": "≫", "sqrt": "√", "surd": "√", "checkmark": "✓", "lt": "<", "gt": ">",
	"log": "log", "ln": "ln", "exp": "exp", "min": "min", "max": "max", "sin": "sin", "cos": "cos", "tan": "tan", "lim": "lim", "dim": "dim", "det": "det", "backslash": `\`,
}

var superscripts = map[rune]rune{
	'0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹',
	'+': '⁺', '-': '⁻', '−': '⁻', '=': '⁼', '(': '⁽', ')': '⁾', 'n': 'ⁿ', 'i': 'ⁱ', '∘': '°', '′': '′', 'a': 'ᵃ', 'o': 'ᵒ',
	'e': 'ᵉ', 'r': 'ʳ', 's': 'ˢ', 't': 'ᵗ', 'h': 'ʰ', 'd': 'ᵈ', 'x': 'ˣ', 'k': 'ᵏ', 'm': 'ᵐ', 'c': 'ᶜ',
}

var subscripts = map[rune]rune{
	'0': '₀', '1': '₁', '2': '₂', '3': '₃', '4': '₄', '5': '₅', '6': '₆', '7': '₇', '8': '₈', '9': '₉',
	'+': '₊', '-': '₋', '−': '₋', '=': '₌', '(': '₍', ')': '₎', 'a': 'ₐ', 'e': 'ₑ', 'o': 'ₒ', 'x': 'ₓ',
	'h': 'ₕ', 'k': 'ₖ', 'l': 'ₗ', 'm': 'ₘ', 'n': 'ₙ', 'p': 'ₚ', 's': 'ₛ', 't': 'ₜ', 'i': 'ᵢ', 'r': 'ᵣ', 'u': 'ᵤ', 'v': 'ᵥ', 'j': 'ⱼ',
}
