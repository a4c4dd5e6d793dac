// All words of the page.

const WORDS = {
  zh: {
    title: "调用与回调", other: "English", pause: "暂停", resume: "继续", clear: "清空", filter: "筛选：路径、应用、错误码、内容",
    all: "全部", calls: "调用", callbacks: "回调", errors: "只看出错", nothing: "还没有调用。产品调用 /cgi-bin 后，这里立即出现。",
    nothingFits: "没有符合筛选的记录。", waiting: "已暂停，有 {n} 条新记录", callbackTo: "回调到", noCallback: "未设置回调地址",
    query: "参数", request: "请求", response: "应答", fields: "事件内容", error: "原因", attempt: "第 {n} 次", delivered: "已送达",
    failed: "失败", dropped: "已丢弃（故障）", skipped: "无回调地址", noEnvelope: "连接中断或 HTTP 错误", lost: "模拟器没有应答，正在重试。",
    remote: "控制接口只对本机开放；用 --allow-remote 启动后才能远程查看。", pending: "待送 {n}", clock: "模拟时间", list: "记录", kind: "类型",
  },
  en: {
    title: "Calls and callbacks", other: "中文", pause: "Pause", resume: "Resume", clear: "Clear", filter: "Filter: path, app, errcode, content",
    all: "All", calls: "Calls", callbacks: "Callbacks", errors: "Errors only", nothing: "No call yet. What a product calls under /cgi-bin shows here at once.",
    nothingFits: "Nothing fits the filter.", waiting: "Paused, {n} new", callbackTo: "Callbacks to", noCallback: "No callback URL set",
    query: "Query", request: "Request", response: "Answer", fields: "Event", error: "Reason", attempt: "attempt {n}", delivered: "delivered",
    failed: "failed", dropped: "dropped (fault)", skipped: "no callback URL", noEnvelope: "connection cut or HTTP error", lost: "The simulator does not answer; trying again.",
    remote: "The control API answers this machine only; start with --allow-remote to look from elsewhere.", pending: "{n} waiting", clock: "Simulated time", list: "Records", kind: "Kind",
  },
};

export const lang = document.body.dataset.lang;

export function t(key, values = {}) {
  return WORDS[lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
