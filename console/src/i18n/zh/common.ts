import { messages } from "../types";

export const common = messages({
  action: {
    save: "保存", cancel: "取消", close: "关闭", confirm: "确定", delete: "删除", edit: "编辑", add: "添加", retry: "再试一次",
    export: "导出", exportCsv: "导出 CSV", exportXlsx: "导出 Excel", search: "搜索", reset: "清空条件", open: "打开", copy: "复制",
    copied: "已复制", undo: "撤销", back: "返回", more: "更多", refresh: "刷新", view: "查看", stop: "停下", discard: "不保存，离开", keepEditing: "继续编辑",
  },
  table: {
    total: "共 {total} 条",
    loading: "正在读取",
    nothingFound: "没有符合条件的",
    nothingFoundHint: "放宽条件，或者清空重来。",
    sortBy: "排序",
    filters: "筛选",
    exporting: "正在导出",
    exported: "文件已经交给浏览器下载",
  },
  error: {
    title: "没读到数据",
    unreachable: "连不上服务器",
    unexpected: "出了点问题",
    requestId: "请求编号 {id}",
    checkFields: "有几处要改，见下面标红的地方。",
    required: "这一项要填",
  },
  job: {
    queued: "排队中", running: "进行中", done: "已完成", failed: "没有成功", cancelled: "已停下",
    progress: "{done} / {total}", cancel: "停下", left: "大约还要 {time}",
  },
  staleness: { live: "实时", ago: "{ago}", at: "截至 {time}", unknown: "时间未知" },
  interval: { range: "95% 区间 {low} 至 {high}", tooSmall: "样本太小，看不出", noEstimate: "还没有可比的数据" },
  picker: {
    staff: "选同事", store: "选门店", department: "选部门", tag: "选标签", allStores: "全部门店", none: "没有找到", type: "输入文字来找",
  },
  attachment: {
    addImage: "加图片", addLink: "加链接", remove: "删掉", image: "图片", link: "链接", uploading: "正在上传",
    linkTitle: "标题", linkUrl: "网址", linkDesc: "描述（选填）", linkPicture: "封面图网址（选填）",
    needTitle: "链接要有标题", needUrl: "请填完整的网址，以 https:// 开头",
    tooLong: "太长了：{used} 字节，最多 {limit} 字节（一个汉字 3 字节）",
    rule: "最多 {most} 个；图片为 PNG 或 JPEG，不超过 10 MB",
  },
  system: "系统自动",
  copyFailed: "浏览器不让复制，请手动选中",
  yes: "是",
  no: "否",
  none: "无",
  unknown: "未知",
  saved: "已保存",
  leave: "内容还没保存，确定离开吗？",
  required: "必填",
  optional: "选填",
});
