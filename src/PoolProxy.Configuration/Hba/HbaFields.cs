namespace PoolProxy.Configuration.Hba;

/// <summary>A line of an HBA or ident file, cut into fields; never an empty one.</summary>
/// <param name="FileName">The file that it stands in.</param>
/// <param name="Depth">How many files include it.</param>
/// <param name="Fields">At least one, each of at least one word.</param>
internal readonly record struct HbaFields(string FileName, int Depth, List<List<HbaWord>> Fields)
{
    /// <summary>Where it begins.</summary>
    public SourcePosition Position => Fields[0][0].Position;

    /// <summary>The one word of a field that is no list.</summary>
    public HbaWord? Single(int index) => index < Fields.Count && Fields[index].Count == 1 ? Fields[index][0] : null;
}
