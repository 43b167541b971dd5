using System.Globalization;
using System.Net;
using System.Text;

namespace PoolProxy.Load.Report;

/// <summary>Writes the few shapes of SVG 1.1 that a bar chart is made of. Lengths are pixels, from the upper left corner.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _body = new();

    /// <summary>A filled rectangle; <paramref name="hint"/> shows where the pointer rests on it.</summary>
    public void Rectangle(double x, double y, double width, double height, string colour, string hint) => _body.Append(
        CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" fill=\"{colour}\"><title>{WebUtility.HtmlEncode(hint)}</title></rect>\n");

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) => _body.Append(
        CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\" stroke-width=\"{width:0.#}\"/>\n");

    /// <summary>A line of text; <paramref name="anchor"/> is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start", int size = 12, string colour = "#222") => _body.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{colour}\">{WebUtility.HtmlEncode(text)}</text>\n");

    /// <summary>The document around what was drawn.</summary>
    public string Document(double width, double height) => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{_body}</svg>\n");
}
