using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// The instruments of a proxy's meters as Prometheus reads them: dots become underscores, the unit ends the name, and a counter ends in <c>_total</c>. Whoever asks makes the instruments look once.
/// </summary>
internal static class PrometheusText
{
    /// <summary>One reading of everything.</summary>
    public static string Write(ProxyMeters meters)
    {
        var families = new SortedDictionary<string, Family>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (meters.Owns(instrument.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(families, instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(families, instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(families, instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var (name, family) in families)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Description)).Append('\n')
                .Append("# TYPE ").Append(name).Append(family.IsCounter ? " counter\n" : " gauge\n")
                .Append(family.Lines);
        }

        return text.ToString();
    }

    private static void Add(SortedDictionary<string, Family> families, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument is ObservableCounter<int> or ObservableCounter<long> or ObservableCounter<double>;
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + (isCounter ? "_total" : "");
        if (!families.TryGetValue(name, out var family))
        {
            families.Add(name, family = new Family(instrument.Description ?? "", isCounter));
        }

        family.Lines.Append(name);
        for (var index = 0; index < tags.Length; index++)
        {
            family.Lines.Append(index == 0 ? '{' : ',').Append(tags[index].Key.Replace('.', '_')).Append("=\"").Append(Escape($"{tags[index].Value}").Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        family.Lines.Append(tags.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Family(string Description, bool IsCounter)
    {
        public StringBuilder Lines { get; } = new();
    }
}
