"""What the tests of the phone pages share."""

# Everything that can be tapped and is smaller than a finger.
TOO_SMALL = """
() => [...document.querySelectorAll("button, a, label, summary, input:not([type=radio], [type=checkbox], [type=file])")]
  .filter((one) => one.offsetParent)
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([text]) => text)
"""
