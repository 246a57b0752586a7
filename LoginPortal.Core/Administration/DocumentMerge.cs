using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoginPortal.Core.Administration;

/// <summary>Brings together what two people made of the same document at the same time.</summary>
public static class DocumentMerge
{
    /// <summary>Theirs, with what I have changed: a value that both have changed is mine. A list is one value.</summary>
    /// <typeparam name="T">A document that can be written as JSON.</typeparam>
    /// <param name="before">What both began with.</param>
    /// <param name="mine">What I made of it.</param>
    /// <param name="theirs">What they made of it.</param>
    public static T Merge<T>(T before, T mine, T theirs) =>
        Merge(JsonSerializer.SerializeToNode(before), JsonSerializer.SerializeToNode(mine), JsonSerializer.SerializeToNode(theirs)).Deserialize<T>()!;

    private static JsonNode? Merge(JsonNode? before, JsonNode? mine, JsonNode? theirs)
    {
        if (before is not JsonObject old || mine is not JsonObject own || theirs is not JsonObject others)
        {
            return (JsonNode.DeepEquals(before, mine) ? theirs : mine)?.DeepClone();
        }

        var merged = new JsonObject();
        foreach (var name in others.Select(member => member.Key).Union(own.Select(member => member.Key), StringComparer.Ordinal))
        {
            // A member that one of them has taken out stays out, unless the other has changed it.
            var (inOld, inOwn, inOthers) = (old.ContainsKey(name), own.ContainsKey(name), others.ContainsKey(name));
            if (inOwn != inOthers && inOld && JsonNode.DeepEquals(old[name], inOwn ? own[name] : others[name]))
            {
                continue;
            }

            merged[name] = inOwn && inOthers ? Merge(old[name], own[name], others[name]) : (inOwn ? own[name] : others[name])?.DeepClone();
        }

        return merged;
    }
}
