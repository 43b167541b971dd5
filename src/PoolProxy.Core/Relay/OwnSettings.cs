using System.Text;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Settings of a client's own that its server does not report: they are kept among its parameters, so each server is dressed with them. What a server
/// has of them is in doubt as soon as a client's SET or RESET has touched it, whatever becomes of its transaction. Part of <see cref="SessionState"/>.
/// </summary>
internal sealed class OwnSettings(RelayClient client)
{
    /// <summary>How many a client may have.</summary>
    public const int Max = 64;

    /// <summary>What their names and values may take together.</summary>
    public const int MaxBytes = 16 * 1024;

    private ParameterRegistry Registry => client.Shared.Registry;

    /// <summary>Which it has set, by their place among the names; null for none.</summary>
    public List<int>? Tracked { get; set; }

    /// <summary>It has set some to something else than what a new session of its would have.</summary>
    public bool HasTracked => Tracked is { } tracked && tracked.Exists(IsTracked);

    /// <summary>What servers report follows its client anyway, and what the proxy sets for itself is never the client's.</summary>
    public bool IsFollowed(string setting) =>
        setting.Length > 0 && SessionSettings.MayFollow(setting) && !(FindKnown(setting) is { } name && client.Server.Reports(name.Index));

    /// <summary>
    /// The client has set it. Without <paramref name="isNew"/> only one is kept that it has already, also from its startup: that is sent to each server,
    /// and has to be what it set last. False where it is not kept.
    /// </summary>
    public bool TrySet(string setting, byte[]? value, bool isNew)
    {
        if (value is not { Length: <= ParameterRegistry.MaxValueBytes } || Registry.Names.Find(setting) is not { } name
            || (!isNew && client.Parameters[name] is null))
        {
            return false;
        }

        client.SetParameters(Registry.With(client.Parameters, name, value.AsSpan()));
        client.Server.DoubtUnreported(name);
        Tracked ??= [];
        if (!Tracked.Contains(name.Index))
        {
            Tracked.Add(name.Index);
        }

        return true;
    }

    /// <summary>The client has reset it: it has again what it asked for at startup.</summary>
    public void Reset(string setting)
    {
        if (FindKnown(setting) is { } name && client.Parameters[name] is not null)
        {
            client.SetParameters(Registry.With(client.Parameters, name, client.StartupParameters[name]));
            client.Server.DoubtUnreported(name);
        }
    }

    /// <summary>The client has again what it had. What the server reports is told by its reports.</summary>
    public void GoBackTo(ParameterSet earlier)
    {
        var parameters = client.Parameters;
        for (var i = 0; i < Registry.Names.Count; i++)
        {
            if (!client.Server.Reports(i) && !ReferenceEquals(parameters[i], earlier[i]))
            {
                parameters = Registry.With(parameters, Registry.Names[i], earlier[i]);
            }
        }

        if (!ReferenceEquals(parameters, client.Parameters))
        {
            client.SetParameters(parameters);
        }
    }

    /// <summary>54000 where the client would have more than it may; counted as if every SET under way were carried out.</summary>
    public ProxyError? Excess(List<SessionStep> steps)
    {
        var count = 0;
        var bytes = 0;
        var isOneNew = false;
        foreach (var index in Tracked ?? [])
        {
            var name = Registry.Names[index];
            if (IsTracked(index) && client.Parameters[index] is { } value
                && !steps.Exists(step => step.Kind == SessionStepKind.Set && step.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase)))
            {
                count++;
                bytes += name.Utf8.Length + value.Length;
            }
        }

        foreach (var step in steps)
        {
            if (step is { Kind: SessionStepKind.Set, Value: { } value } && IsFollowed(step.Name))
            {
                isOneNew = true;
                count++;
                bytes += step.Name.Length + value.Length;
            }
        }

        return isOneNew && (count > Max || bytes > MaxBytes) ? ProxyErrors.TooManySettings(Max, MaxBytes) : null;
    }

    /// <summary>A name that PostgreSQL has not taken yet is not to take a place among the known ones.</summary>
    private ParameterName? FindKnown(string setting) => Registry.Names.FindKnown(Encoding.UTF8.GetBytes(setting));

    private bool IsTracked(int index) => !ParameterSet.SameValue(client.Parameters[index], client.StartupParameters[index]);
}
