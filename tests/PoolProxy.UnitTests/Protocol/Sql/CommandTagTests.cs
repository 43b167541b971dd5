using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

public class CommandTagTests
{
    [Theory]
    [InlineData("SELECT 1", CommandTagKind.Other)]
    [InlineData("INSERT 0 1", CommandTagKind.Other)]
    [InlineData("SET", CommandTagKind.Set)]
    [InlineData("SET CONSTRAINTS", CommandTagKind.Other)]
    [InlineData("RESET", CommandTagKind.Reset)]
    [InlineData("DISCARD ALL", CommandTagKind.DiscardAll)]
    [InlineData("DISCARD PLANS", CommandTagKind.DiscardPlans)]
    [InlineData("DEALLOCATE", CommandTagKind.Deallocate)]
    [InlineData("DEALLOCATE ALL", CommandTagKind.DeallocateAll)]
    [InlineData("ROLLBACK", CommandTagKind.Rollback)]
    [InlineData("", CommandTagKind.Other)]
    public void A_tag_is_taken_for_what_it_is(string tag, CommandTagKind expected) => Assert.Equal(expected, CommandTag.Classify(Encoding.ASCII.GetBytes(tag)));
}
