using System.Text;
using PoolProxy.Core.Notifications;
using Xunit;

namespace PoolProxy.UnitTests.Notifications;

/// <summary>What a server that listens is told: channels' names come from clients, and must never be more than names.</summary>
public sealed class ListeningSqlTests
{
    [Fact]
    public void Channels_are_quoted()
    {
        ListenedChannel[] listens = [new("plain"), new("Quoted \"so\"; drop table t --")];
        Assert.Equal(
            "LISTEN \"plain\";LISTEN \"Quoted \"\"so\"\"; drop table t --\";UNLISTEN \"käse\";",
            Encoding.UTF8.GetString(ListeningSql.Change(listens, [new ListenedChannel("käse")])));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("käse", true)]
    [InlineData("", false)]
    [InlineData("a\uFFFDb", false)]
    [InlineData("a\0b", false)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", true)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", false)]
    public void What_is_no_name_is_not_listened_on(string name, bool may) => Assert.Equal(may, ListeningSql.MayListen(name));

    [Fact]
    public void The_encoding_is_a_literal() =>
        Assert.Contains("SET client_encoding = E'x''; drop'", Encoding.UTF8.GetString(ListeningSql.Prepare("x'; drop")), StringComparison.Ordinal);
}
