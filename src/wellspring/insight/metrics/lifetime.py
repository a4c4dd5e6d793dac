"""What the page of lifetime value shows: the two fitted models, and how the forecast did."""

from __future__ import annotations

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.registry import Metric, Rate, Unit

MODEL = "BG/NBD: Fader, Hardie & Lee 2005; fitted by maximum likelihood over all buyers"
SPENDING = "Gamma-Gamma: Fader & Hardie 2013; fitted over buyers with positive net spend"
BACK_TEST = "back-test: fitted on the first two thirds of the time, held against the last third"


def _metric(name: str, title: Words, definition: Words, formula: str, source: str, unit: Unit = "number") -> Metric:
    made: type[Metric] = type(name, (Metric,), {
        "name": name, "title": title, "unit": unit, "definition": definition, "formula": formula, "source": source,
    })  # fmt: skip
    return made()


class ForecastError(Rate):
    name = "lv_error"
    title = Words("总数差多少", "Error of the total")
    definition = Words(
        "预测的购买总次数比实际多（或少）百分之几。正数是估高了。",
        "By how much the forecast total of purchases lies above (or below) the actual one. Positive: too high.",
    )
    formula = "(lv_forecast - lv_actual) / lv_actual"
    source = BACK_TEST


LIFETIME: tuple[Metric, ...] = (
    _metric(
        "lv_r", Words("r", "r"),
        Words("买家之间购买快慢的集中程度：越小，有人买得勤、有人买得少的差别越大。",
              "How alike buyers are in how often they buy: the smaller, the more the frequent and the rare differ."),
        "shape of gamma(r, alpha), the purchase rate lambda over buyers, per week", MODEL,
    ),
    _metric(
        "lv_alpha", Words("α", "α"),
        Words("和 r 一起定下平均快慢：还在买的人平均每周买 r / α 次。", "Sets the pace together with r: who is still buying does so r / α times a week on average."),
        "rate of gamma(r, alpha), in weeks", MODEL,
    ),
    _metric(
        "lv_a", Words("a", "a"),
        Words("和 b 一起定下每次买完就不再来的机会：平均是 a / (a + b)。", "Together with b the chance of leaving for good after a purchase: a / (a + b) on average."),
        "first parameter of beta(a, b), the chance of leaving after a purchase", MODEL,
    ),
    _metric(
        "lv_b", Words("b", "b"),
        Words("见 a。a 和 b 都大，说明大家离开的机会差不多；都小，说明有人极忠诚、有人一次就走。",
              "See a. Both large: people are alike in how they leave; both small: some stay for good, some come once."),
        "second parameter of beta(a, b)", MODEL,
    ),
    _metric(
        "lv_p", Words("p", "p"),
        Words("同一个人每次花的钱有多稳定：越大越稳定。", "How steady one customer's purchases are in value: the larger, the steadier."),
        "shape of the gamma that a purchase's value follows around the customer's own mean", SPENDING,
    ),
    _metric(
        "lv_q", Words("q", "q"),
        Words("人和人之间每次花的钱差多少：越大差别越小。", "How much customers differ in what a purchase is worth: the larger, the less."),
        "shape of the inverse gamma of the means over customers", SPENDING,
    ),
    _metric(
        "lv_gamma", Words("v", "v"),
        Words("每次花多少钱的尺度；全体的平均是 p × v / (q − 1)。", "The scale of what a purchase is worth; the mean over everybody is p × v / (q − 1)."),
        "scale of the inverse gamma of the means (gamma in the paper)", SPENDING, "fen",
    ),
    _metric(
        "lv_log_likelihood", Words("对数似然", "Log-likelihood"),
        Words("这组参数有多说得通所有买家的历史；只能拿同一批数据的两次拟合来比，越大（越接近 0）越好。",
              "How well the parameters explain the histories of all buyers. It compares fits of the same data only: the larger (closer to 0) the better."),
        "sum over buyers of ln P(history | parameters)", "both models",
    ),
    _metric(
        "lv_customers", Words("拟合用的买家", "Buyers in the fit"),
        Words("观察期内至少下过一单的客户。", "Customers with at least one order in the time observed."),
        "count of customers with an order", "warehouse: orders", "count",
    ),
    _metric(
        "lv_alive", Words("还在买的", "Still buying"),
        Words("复购过的客户里，模型认为还会再来的人数。只买过一次的人，模型说不了。",
              "Of customers who came back, how many the model takes to be still buying. Of one-time buyers it can't tell."),
        "sum of P(alive) over customers with x > 0", MODEL, "count",
    ),
    _metric(
        "lv_ahead", Words("接下来的购买", "Purchases ahead"),
        Words("按现在的样子继续下去，接下来这些天预计的购买次数，不含季节和活动的影响。",
              "Purchases expected in the days ahead if all goes on as it was: no seasons, no campaigns."),
        "sum of P(alive) x N(x, T, t)", MODEL, "count",
    ),
    _metric(
        "lv_forecast", Words("预测", "Forecast"),
        Words("只用前三分之二的历史拟合出来的模型，对后三分之一时间里购买次数的预测。",
              "What a model fitted on the first two thirds of the time says about purchases in the last third."),
        "sum of expected purchases in the held-out weeks", BACK_TEST, "count",
    ),
    _metric(
        "lv_actual", Words("实际", "Actual"),
        Words("同一批客户在后三分之一时间里真的买了几次（有单的天数）。",
              "How often the same customers did buy in the last third: days with an order."),
        "count of purchase days in the held-out weeks", "warehouse: orders", "count",
    ),
    ForecastError(),
    _metric(
        "lv_absolute_error", Words("每人平均差", "Mean error a customer"),
        Words("每位客户的预测和实际差几次，不分多少，取平均。总数对得上，每个人也可能都猜偏。",
              "By how many purchases the forecast misses each customer, either way, on average. The total may fit while each is missed."),
        "mean of |forecast - actual| over customers", BACK_TEST,
    ),
    _metric(
        "lv_value_correlation", Words("次数和金额的相关", "Correlation of number and value"),
        Words("买得勤的人每次是否花得更多。模型当它是 0；离 0 越远，金额的预测越不可靠。",
              "Whether who buys more often also spends more each time. The models take it as 0: the further from it, the less the value can be trusted."),
        "correlation of ln purchases and ln value, customers with at least two", "warehouse: orders, refunds",
    ),
)  # fmt: skip
