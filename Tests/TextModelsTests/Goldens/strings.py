"""Texts that try a tokenizer: writing systems, marks, emoji, controls, numbers, contractions."""
import random
import unicodedata

FIXED = """a photo of a cat.|A Photo of THE Cat|don't we'll they've I'm it's he'd you're|DON'T WE'LL 'S 'T
'tis the '90s|rock'n'roll|''s '''t|o'clock's|d'être|“it’s” ‘quoted’|l'ami|'s|'|''|'re're'll'd'ms
3.14159|1,000,000|12345|1st 2nd 3rd|½ ⅓ ¼|x²+y³|Ⅷ Ⅻ ⅷ|①②③|٠١٢٣|१२३|１２３|四五|1e-5|0x1F
Crème brûlée|cafe\u0301|café|naïve façade|Ångström Å Å|\u1e9b\u0323|\u0344|ﬁ ﬂ ﬀ|ẞ ß SS|İstanbul ISTANBUL ıI
ΑΒΓ ΟΔΥΣΣΕΥΣ Σς|Привет, мир!|ПРИВЕТ|İ|ǅ ǆ Ǆ|Ⓐⓐ|ᾳ ᾼ|Ω Ω|K K|日本語のテスト|汉字漢字|한국어 한국어|조선말|\u1112\u1161\u11ab
שלום עולם|مرحبا بالعالم|مُحَمَّد|هذا 123 نص|עִבְרִית|\u202eabc\u202c|नमस्ते दुनिया|ไทยภาษา|தமிழ்|ქართული ᲥᲐᲠᲗᲣᲚᲘ|Ꭰꭰ
😀😃|👨‍👩‍👧‍👦 family|👩🏽‍🚀|🏳️‍🌈|🇩🇪🇫🇷|1️⃣2️⃣|❤️ ❤|☺︎|a\u200db|a\u200bb|a\ufeffb|\ufe0f
<|startoftext|>|<|endoftext|>|a<|endoftext|>b|<|endoftext|><|startoftext|>|<|EndOfText|>|<|STARTOFTEXT|>!!|!!<|EndOfText|>|<|endoftext
<|endoftext|>'s|< |startoftext|>|<|endo\u0300ftext|>|&amp; &lt;b&gt;|http://example.org/a?b=c&d=e|me@example.org|C++ C# .NET
a_b_c|snake_case|kebab-case|CamelCase|#hashtag @user|$5.00 €10 £3 ¥8|100%|~!@#$%^&*()_+`-={}[]\\:";<>?,./|…—–-|´`¨^
a\u00a0b|a\u2003b|a\u3000b|a\u1680b|a\u180eb|a\u2028b\u2029c|a\u0085b|a\u001cb\u001fc|a\u000bb\u000cc|\u0000|a\u0000b|\u0007\u001b[0m
\u007f|\u009f|\ufffd|\ufffe|\uffff|\U0010ffff|\ue000|\U000e0041|\U0001f1e6|𝐀𝐁𝐂 𝟏𝟐|𐐀𐐨|ﷺ|ﬃ|\u0958|\u2126|\u212b|\ufa0c|\U0002f800|\u0340|\u037e""".split("\n")

RANGES = {
    "latin": (0x41, 0x24f), "greek": (0x370, 0x3ff), "cyrillic": (0x400, 0x52f),
    "hebrew": (0x590, 0x5ff), "arabic": (0x600, 0x6ff), "indic": (0x900, 0xdff),
    "thai": (0xe00, 0xeff), "georgian": (0x10a0, 0x10ff), "jamo": (0x1100, 0x11ff),
    "extended": (0x1e00, 0x1fff), "punctuation": (0x2000, 0x206f), "letterlike": (0x2100, 0x218f),
    "symbols": (0x2190, 0x2bff), "kana": (0x3040, 0x30ff), "cjk": (0x4e00, 0x9fff),
    "hangul": (0xac00, 0xd7a3), "compatibility": (0xf900, 0xffef), "astral": (0x10000, 0x1fbff),
    "controls": (0x00, 0xa0), "ascii": (0x20, 0x7e),
}
MARKS = [chr(c) for c in range(0x300, 0x370)] + list("\u0591\u05b0\u064b\u0651\u093c\u094d\u3099\u20d0")
EMOJI = list("😀🙈👍👩👨🚀🔥🏽🏿❤⭐🧑🦰") + ["\u200d", "\ufe0f", "🇦", "🇿"]
WORDS = ("the a photo of satellite image red circle don't we're it's traffic sign forest road beach "
         "I'll they'd 1990s 42 COVID-19 naïve Zürich São Tōkyō œuvre hello, world! (really?)").split()
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2009", "\u3000", "\u2028"]


def scalar(rng, low, high):
    while True:
        code = rng.randint(low, high)
        if not 0xd800 <= code <= 0xdfff:
            return chr(code)


def varied(rng):
    """One text of a random kind."""
    kind = rng.randrange(8)
    if kind == 0:
        low, high = RANGES[rng.choice(sorted(RANGES))]
        return "".join(scalar(rng, low, high) for _ in range(rng.randint(1, 30)))
    if kind == 1:
        text = []
        for _ in range(rng.randint(1, 12)):
            low, high = RANGES[rng.choice(["latin", "greek", "cyrillic", "arabic", "indic", "kana"])]
            text.append(scalar(rng, low, high))
            text += rng.choices(MARKS, k=rng.choice([0, 1, 1, 2, 3]))
        return "".join(text)
    if kind == 2:
        return "".join(rng.choices(EMOJI + WORDS + [" "], k=rng.randint(1, 15)))
    if kind == 3:
        return "".join(w + rng.choice(SPACES) for w in rng.choices(WORDS, k=rng.randint(1, 20)))
    if kind == 4:
        return "".join(rng.choices("0123456789.,-+'stredmlvSTREDMLV \"", k=rng.randint(1, 40)))
    if kind == 5:
        return unicodedata.normalize("NFD", "".join(
            scalar(rng, *RANGES[rng.choice(["latin", "extended", "hangul", "greek", "kana"])])
            for _ in range(rng.randint(1, 15))))
    if kind == 6:
        return "".join(scalar(rng, 0, 0x10ffff if rng.random() < .3 else 0x2ffff)
                       for _ in range(rng.randint(1, 12)))
    text = rng.choices(WORDS, k=rng.randint(1, 6))
    low, high = RANGES[rng.choice(sorted(RANGES))]
    text.insert(rng.randrange(len(text) + 1), "".join(
        scalar(rng, low, high) for _ in range(rng.randint(1, 8))))
    text = " ".join(text)
    return text.upper() if rng.random() < .3 else text


def strings(count, seed=7):
    rng = random.Random(seed)
    texts = ["", " ", "\n\t"] + [text for line in FIXED for text in line.split("|") if text]
    # Names of special tokens have bars of their own.
    texts += [line for line in FIXED if "<|" in line]
    texts += ["<|startoftext|>", "<|endoftext|>", "a<|endoftext|>b", "<|EndOfText|>!!", "!<|EndOfText|>",
              "<|endoftext|><|startoftext|>", "x <|startoftext|> y <|endoftext", "<|STARTOFTEXT|>'s",
              "<|endoftext|>\u0301", "<|endoftext|>'ll", "<|StartOfText|><|EndOfText|>"]
    texts += [" ".join(rng.choices(WORDS, k=n)) for n in (60, 76, 77, 100, 400)]
    texts += ["word" * 60, "ab" * 300, "漢字" * 80, "1" * 100, "!" * 100, "é" * 90, "🔥" * 40]
    while len(texts) < count:
        texts.append(varied(rng))
    return texts[:count]
