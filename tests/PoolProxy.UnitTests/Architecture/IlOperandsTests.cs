using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Xunit;

namespace PoolProxy.UnitTests.Architecture;

public sealed class IlOperandsTests
{
    // A walk that loses its step (a jump table of the wrong length, once) soon takes bytes for tokens that no table holds.
    [Fact]
    public void A_large_library_is_walked_without_losing_step()
    {
        using var image = new PEReader(File.OpenRead(typeof(System.Text.Json.JsonDocument).Assembly.Location));
        var metadata = image.GetMetadataReader();
        var count = 0;
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0))
        {
            foreach (var token in IlOperands.Tokens(image.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
            {
                Assert.True(MetadataTokens.TryGetTableIndex(token.Kind, out var table), $"{token.Kind}");
                Assert.InRange(MetadataTokens.GetRowNumber(token), 1, metadata.GetTableRowCount(table));
                count++;
            }
        }

        Assert.True(count > 10_000);
    }
}
