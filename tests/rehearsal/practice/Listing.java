package practice;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What every Describe does with the resources it found: filter them, take one page, write the page. */
record Listing<T>(String element, Function<T, String> id, Filters<T> filters, BiConsumer<T, Xml> item, int pageCap) {

    void write(Call call, List<T> found, boolean namedById, Xml out) {
        Paging<T> page = Paging.page(call, found.stream().filter(filters.asked(call)).toList(), id, namedById, pageCap);
        out.items(element, page.items(), item).unlessEmpty("nextToken", page.nextToken());
    }
}
