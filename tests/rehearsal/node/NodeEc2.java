package node;

import static node.UnsignedEc2.children;
import static node.UnsignedEc2.items;
import static node.UnsignedEc2.text;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.w3c.dom.Element;

/** The calls to EC2 that the programs on a node make. The node has only the rights of its instance's role. */
final class NodeEc2 {

    private final UnsignedEc2 ec2;
    private final String instance;

    NodeEc2(URI endpoint, String instance) {
        this.ec2 = new UnsignedEc2(endpoint, instance);
        this.instance = instance;
    }

    /** A volume as DescribeVolumes shows it. */
    record Volume(String id, String state, String attachedTo, String device, Map<String, String> tags) {
    }

    /** All pages, in the order in which EC2 lists the volumes. */
    List<Volume> volumes(Map<String, String> filters) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        int n = 0;
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            n++;
            form.put("Filter." + n + ".Name", filter.getKey());
            form.put("Filter." + n + ".Value.1", filter.getValue());
        }
        form.put("MaxResults", "500");
        List<Volume> all = new ArrayList<>();
        String token = "";
        do {
            if (!token.isEmpty()) {
                form.put("NextToken", token);
            }
            Element reply = ec2.ask("DescribeVolumes", form);
            all.addAll(volumes(reply));
            token = text(reply, "nextToken");
        } while (!token.isEmpty());
        return all;
    }

    /** @throws UnsignedEc2.ErrorReply when there is no such volume */
    Volume volume(String id) throws IOException, InterruptedException {
        return volumes(ec2.ask("DescribeVolumes", Map.of("VolumeId.1", id))).get(0);
    }

    void attach(String volume, String device) throws IOException, InterruptedException {
        ec2.ask("AttachVolume", Map.of("VolumeId", volume, "InstanceId", instance, "Device", device));
    }

    boolean isRunning() throws IOException, InterruptedException {
        Element reservation = items(ec2.ask("DescribeInstances", Map.of("InstanceId.1", instance)), "reservationSet").get(0);
        return text(children(items(reservation, "instancesSet").get(0), "instanceState").get(0), "name")
                .equals("running");
    }

    private static List<Volume> volumes(Element reply) {
        List<Volume> found = new ArrayList<>();
        for (Element item : items(reply, "volumeSet")) {
            Map<String, String> tags = new TreeMap<>();
            items(item, "tagSet").forEach(tag -> tags.put(text(tag, "key"), text(tag, "value")));
            List<Element> attachments = items(item, "attachmentSet");
            found.add(new Volume(text(item, "volumeId"), text(item, "status"),
                    attachments.isEmpty() ? "" : text(attachments.get(0), "instanceId"),
                    attachments.isEmpty() ? "" : text(attachments.get(0), "device"), tags));
        }
        return found;
    }
}
