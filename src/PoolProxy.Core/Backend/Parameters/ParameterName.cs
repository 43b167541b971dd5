using System.Text;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend.Parameters;

/// <summary>
/// The name of a run-time parameter that clients may differ in. One object a name (see <see cref="ParameterNames"/>), spelled as the
/// server reports it; names compare without regard to case, as PostgreSQL does.
/// </summary>
internal sealed class ParameterName
{
    internal ParameterName(string name, int index)
    {
        Name = name;
        Index = index;
        Utf8 = Encoding.UTF8.GetBytes(name);
        IsList = SqlQuoting.IsListSetting(Utf8);
        IsApplicationName = name.Equals("application_name", StringComparison.OrdinalIgnoreCase);
        IsReadOnlyDefault = name.Equals("default_transaction_read_only", StringComparison.OrdinalIgnoreCase);
        IsFoldedAtParse = !IsApplicationName && !name.Equals("extra_float_digits", StringComparison.OrdinalIgnoreCase);
    }

    public string Name { get; }

    public byte[] Utf8 { get; }

    /// <summary>Its place in every <see cref="ParameterSet"/>.</summary>
    public int Index { get; }

    /// <summary>Its value is a list of quoted identifiers (GUC_LIST_QUOTE): one literal would be taken for one odd identifier.</summary>
    public bool IsList { get; }

    public bool IsApplicationName { get; }

    /// <summary>default_transaction_read_only, which an identity's rule may decide.</summary>
    public bool IsReadOnlyDefault { get; }

    /// <summary>Its value may be folded into a statement at Parse, so it belongs to the key of a shared statement (isolation.md §6).</summary>
    public bool IsFoldedAtParse { get; }

    /// <summary>A server has reported it: its value is known at every moment, and a client that asked for nothing keeps what it was told.</summary>
    public bool IsReported { get; internal set; }

    public override string ToString() => Name;
}
