"""What there is to buy: the same products for the same seed. Prices in fen."""

from dataclasses import dataclass

from wecom_sim.population.chance import uniforms

# kind of goods (the 兴趣 tags of the demo brand) -> things, lowest and highest price in yuan
KINDS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "香氛": (("线香", "扩香石", "香薰蜡烛", "藤条香薰", "香囊"), 39, 329),
    "茶器": (("盖碗", "公道杯", "茶则", "侧把壶", "茶席"), 49, 599),
    "家居": (("亚麻桌旗", "木托盘", "棉麻抱枕", "花器", "夜灯"), 59, 459),
    "文具": (("手账本", "黄铜书签", "纸胶带", "钢笔", "便笺"), 12, 199),
    "手作课": (("陶艺课", "香牌课", "植物染课"), 168, 468),
    "礼盒": (("茶香礼盒", "节气礼盒", "新居礼盒"), 198, 888),
}
SERIES = ("山岚", "听雨", "半日", "青屿", "松间", "晚来")


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    kind: str
    price: int


def products(seed: int) -> list[Product]:
    """Every thing in two series."""
    made: list[Product] = []
    for kind, (things, lowest, highest) in KINDS.items():
        for thing in things:
            first, second, price, step, *_ = uniforms(seed, "product", thing)
            at = int(first * len(SERIES))
            other = (at + 1 + int(second * (len(SERIES) - 1))) % len(SERIES)
            for series, share in ((SERIES[at], price * 0.8), (SERIES[other], price * 0.8 + 0.2 * step)):
                yuan = int(lowest + share * (highest - lowest))
                made.append(Product(f"P{len(made) + 101}", f"{series}·{thing}", kind, yuan * 100))
    return made


def kinds_named(text: str) -> list[str]:
    """Kinds of goods that a text names, itself or by one of their things."""
    return [kind for kind, (things, _, _) in KINDS.items() if kind in text or any(one in text for one in things)]
