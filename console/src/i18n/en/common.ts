import type { SameShape } from "../types";
import type { common as source } from "../zh/common";

export const common: SameShape<typeof source> = {
  action: {
    save: "Save", cancel: "Cancel", close: "Close", confirm: "Confirm", delete: "Delete", edit: "Edit", add: "Add", retry: "Try again",
    export: "Export", exportCsv: "Export CSV", exportXlsx: "Export Excel", search: "Search", reset: "Clear filters", open: "Open", copy: "Copy",
    copied: "Copied", undo: "Undo", back: "Back", more: "More", refresh: "Refresh", view: "View", stop: "Stop", discard: "Leave without saving", keepEditing: "Keep editing",
  },
  corrected: {
    friend_added: "{count} {count|relationship|relationships} added",
    friend_removed: "{count} {count|relationship|relationships} ended",
    remark_changed: "{count} {count|remark|remarks} updated",
    tag_added: "{count} {count|tag|tags} put on",
    tag_removed: "{count} {count|tag|tags} taken off",
    staff_left: "{count} {count|member|members} marked as left",
  },
  table: {
    total: "{total} in all",
    loading: "Loading",
    nothingFound: "Nothing matches",
    nothingFoundHint: "Relax the filters, or clear them.",
    sortBy: "Sort by",
    filters: "Filters",
    exporting: "Exporting",
    exported: "The file was handed to the browser",
  },
  error: {
    title: "The data could not be read",
    unreachable: "The server does not answer",
    unexpected: "Something went wrong",
    requestId: "Request {id}",
    checkFields: "Some inputs need a change; see the marked fields.",
    required: "This is required",
  },
  job: {
    queued: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Stopped",
    progress: "{done} of {total}", cancel: "Stop", left: "About {time} left",
  },
  staleness: { live: "Live", ago: "{ago}", at: "Up to {time}", unknown: "Age unknown" },
  interval: { range: "95% interval {low} to {high}", tooSmall: "Too small to tell", noEstimate: "Nothing to compare yet" },
  picker: {
    staff: "Choose staff", store: "Choose stores", department: "Choose a department", tag: "Choose tags", product: "Choose products", segment: "Choose a segment", allStores: "All stores", none: "Nothing found", type: "Type to search",
  },
  attachment: {
    addImage: "Add picture", addLink: "Add link", remove: "Remove", image: "Picture", link: "Link", uploading: "Uploading",
    linkTitle: "Title", linkUrl: "Address", linkDesc: "Description (optional)", linkPicture: "Address of the cover (optional)",
    needTitle: "A link needs a title", needUrl: "Enter the whole address, beginning with https://",
    tooLong: "Too long: {used} bytes, at most {limit}",
    rule: "{most} at most; pictures are PNG or JPEG up to 10 MB",
  },
  system: "Automatic",
  copyFailed: "The browser refused to copy; please select the text",
  yes: "Yes",
  no: "No",
  none: "None",
  unknown: "Unknown",
  saved: "Saved",
  leave: "Your changes are not saved. Leave anyway?",
  required: "required",
  optional: "optional",
};
