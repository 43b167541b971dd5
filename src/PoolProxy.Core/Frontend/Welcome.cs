using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Isolation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// How clients that sent the same startup packet begin on one route: what they are told (AuthenticationOk and each ParameterStatus) and the
/// parameters their sessions start with. Made once for all of them; immutable.
/// </summary>
internal sealed class Welcome
{
    private readonly Route _route;
    private readonly ServerFacts _facts;
    private readonly string _role;
    private readonly RuleGift _gift;

    /// <summary>For clients on a route whose servers are as <paramref name="facts"/> say, with the role that was proven and what its rule gives besides.</summary>
    public Welcome(Route route, ServerFacts facts, string role, RuleGift gift, StartupSettings startup, ParameterRegistry registry)
    {
        _route = route;
        _facts = facts;
        _role = role;
        _gift = gift;
        var start = registry.Names.Find("application_name") is { } name ? registry.With(facts.Parameters, name, ReadOnlySpan<byte>.Empty) : facts.Parameters;
        Parameters = StartupSettings.Track(startup.Track(start, registry), gift.Settings, registry);
        StartupParameters = StartupSettings.Track(startup.Track(registry.Empty, registry), gift.Settings, registry);
        Messages = Compose(ParametersOf(route, facts, role, [.. startup.Parameters, .. gift.Settings]));
    }

    /// <summary>AuthenticationOk and every ParameterStatus, as they are sent.</summary>
    public ReadOnlyMemory<byte> Messages { get; }

    /// <summary>What the session's parameters are, as the client is told.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>What the client asked for: where RESET takes it back to.</summary>
    public ParameterSet StartupParameters { get; }

    /// <summary>Made for just this route, these facts, this role and this gift.</summary>
    public bool IsFor(Route route, ServerFacts facts, string role, RuleGift gift) =>
        ReferenceEquals(_route, route) && ReferenceEquals(_facts, facts) && _role == role && _gift == gift;

    /// <summary>AuthenticationOk and a ParameterStatus for each.</summary>
    public static byte[] Compose(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        using var writer = new MessageWriter();
        AuthenticationOk.Write(writer);
        foreach (var (name, value) in parameters)
        {
            ParameterStatus.Write(writer, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>What the pool's servers report, in their order, with the wishes of client and rule in place.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ParametersOf(Route route, ServerFacts facts, string role, KeyValuePair<string, string>[] wishes)
    {
        foreach (var (name, value) in facts.Reported)
        {
            var wish = wishes.LastOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            var isWhoRuns = name == "session_authorization" && route.Dresser.Level != Configuration.Model.IsolationLevel.None;
            yield return new(name, wish.Key is not null ? wish.Value : isWhoRuns ? role : name == "application_name" ? "" : value);
        }
    }
}
